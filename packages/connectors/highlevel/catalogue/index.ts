import { type AnyAction, type AnyTrigger, BoundedMap, type LazyOperations, type OperationWords } from '@couplet/connector-sdk'
import { eventTrigger } from '../events/trigger.ts'
import { eventOf, listedEvents } from '../events/words.ts'
import { actionOf } from './action.ts'
import { BLOCKED, COUNTERPARTS } from './counterparts.ts'
import { indexRows, loadFacts } from './load.ts'
import { wordsOf } from './words.ts'

const PREFIX = 'highlevel.'
/** Actions kept with their forms. One that was forgotten is made again from its module's file. */
const ACTIONS_MAX = 120
const TRIGGERS_MAX = 20

let words: readonly OperationWords[] | undefined
const actions = new BoundedMap<string, AnyAction>(ACTIONS_MAX)
const triggers = new BoundedMap<string, AnyTrigger>(TRIGGERS_MAX)

/**
 * The whole API of HighLevel as actions, from the facts in `data/`, and its webhook events as triggers. Nothing is read before it is asked for: a list
 * reads the index, an action the file of its module, a trigger that of the events.
 */
export const catalogue: LazyOperations = {
  words() {
    words ??= [
      ...listedEvents(),
      ...[...indexRows().values()]
        .filter(({ id }) => !(id in COUNTERPARTS) && !(id in BLOCKED))
        .map((row) => ({
          ...wordsOf(row),
          kind: 'action' as const,
          connector: 'highlevel',
          scopes: row.scopes,
          effect: row.effect,
        })),
    ]
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
  trigger(id, version) {
    if (version !== 1) return undefined
    const known = triggers.get(id)
    if (known) return known
    const event = eventOf(id)
    if (!event) return undefined
    const made = eventTrigger(event)
    triggers.set(id, made)
    return made
  },
}
