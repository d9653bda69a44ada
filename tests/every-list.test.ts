import { connectors, highlevel } from '@couplet/connectors'
import { createRegistry, operationShape } from '@couplet/connector-sdk'
import { expect, test } from 'vitest'
import { indexRows } from '../packages/connectors/highlevel/catalogue/load.ts'
import { listChanged } from '../packages/connectors/highlevel/catalogue/list-changed.ts'
import { openCaseRunner } from './support/case-runner.ts'
import { catalogueInputs } from './support/catalogue-inputs.ts'

const TIMEOUT_MS = 60_000

/** Lists whose items have no id, as published: a step can read them, a trigger has nothing to know an item by. */
const WITHOUT_IDS = new Set(['calendars.fetch-calendar-resources'])
/** Nothing is in them until a person puts it there. */
const EMPTY = new Set(['contacts.get-contacts-by-business-id'])
const OF_THE_AGENCY = new Set(['oauth.get-installed-location'])
/** They need a queue, a comment or an import that a person made before. */
const BY_CASES = /^social-media-posting\./

const registry = createRegistry(connectors)
const lists = [...indexRows().values()].filter(
  ({ id, items, effect }) => items !== undefined && effect === 'read' && !OF_THE_AGENCY.has(id) && !BY_CASES.test(id),
)

test(
  'every list operation can be followed: its items have an id each, and one that does not change is not seen as changed',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    await using runner = await openCaseRunner()
    const session = await runner.begin('highlevel')
    const inputs = await catalogueInputs(session)
    const { poll } = listChanged
    if (poll?.mode !== 'scan') throw new Error('The trigger on any list scans')
    const wrong: string[] = []
    for (const { id } of lists) {
      const action = registry.action(`highlevel.${id}`, 1)
      if (!action) throw new Error(`There is no ${id}`)
      const parameters = inputs.required(id, operationShape(action, false).input)
      const input = listChanged.input.parse({ operation: id, parameters })
      const read = async () => session.ask(input, async (call) => (await poll.page({ ...call, cursor: undefined } as never)).items)
      try {
        const [first, second] = [await read(), await read()]
        if (first.length === 0 && !EMPTY.has(id)) wrong.push(`${id}: no items`)
        const ids = first.map((item) => poll.id(item))
        if (new Set(ids).size !== ids.length) wrong.push(`${id}: ids ${ids.join(' ')}`)
        if (JSON.stringify(first.map((item) => poll.content(item))) !== JSON.stringify(second.map((item) => poll.content(item))))
          wrong.push(`${id}: changes by itself`)
      } catch (error) {
        wrong.push(`${id}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    expect(wrong.filter((line) => !WITHOUT_IDS.has(line.split(':')[0] ?? ''))).toEqual([])
    expect(highlevel.triggers).toContain(listChanged)
  },
)
