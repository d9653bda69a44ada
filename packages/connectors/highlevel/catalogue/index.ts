import { type ActionWords, type AnyAction, BoundedMap, type LazyOperations } from '@couplet/connector-sdk'
import { actionOf } from './action.ts'
import { BLOCKED, COUNTERPARTS } from './counterparts.ts'
import { indexRows, loadFacts } from './load.ts'
import { wordsOf } from './words.ts'

const PREFIX = 'highlevel.'
/** Actions kept with their forms. One that was forgotten is made again from its module's file. */
const ACTIONS_MAX = 120

let words: readonly ActionWords[] | undefined
const actions = new BoundedMap<string, AnyAction>(ACTIONS_MAX)

/**
 * The whole API of HighLevel as actions, from the facts in `data/`. Nothing is read before it is asked for: a list reads the index, an action the file
 * of its module.
 */
export const catalogue: LazyOperations = {
  words() {
    words ??= [...indexRows().values()]
      .filter(({ id }) => !(id in COUNTERPARTS) && !(id in BLOCKED))
      .map((row) => ({ ...wordsOf(row), kind: 'action', connector: 'highlevel', scopes: row.scopes, effect: row.effect }))
    return words
  },
  action(id, version) {
    if (version !== 1 || !id.startsWith(PREFIX)) return undefined
    const known = actions.get(id)
    if (known) return known
    const found = loadFacts(id.slice(PREFIX.length))
    if (!found) return undefined
    const action = actionOf(found.facts, found.schemas)
    actions.set(id, action)
    return action
  },
}
