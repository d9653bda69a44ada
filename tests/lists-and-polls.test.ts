import { connectors } from '@couplet/connectors'
import type { AnyTrigger, Choice } from '@couplet/connector-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CaseRunner, openCaseRunner } from './support/case-runner.ts'

/** What a list depends on, where it depends on something. */
const GIVEN: Readonly<Record<string, Record<string, unknown>>> = {
  'payaca customFields': { groupRole: 'project' },
  'highlevel comments': { platform: 'facebook' },
}

/** The list a field is picked from that another list depends on. */
const PICKED_FROM: Readonly<Record<string, string>> = {
  blogId: 'blogs',
  contactId: 'contacts',
  pipelineId: 'pipelines',
  productId: 'products',
  shippingZoneId: 'shipping-zones',
  userId: 'users',
}
/** Nothing of the kind is there until a person makes it. */
const EMPTY = new Set(['highlevel queues', 'highlevel queue-items'])

/** Settings of triggers that cannot do without. */
const SETTINGS: Readonly<Record<string, Record<string, unknown>>> = {
  'highlevel.list.changed': { operation: 'social-media-posting.get-tags-location-id', idAt: '_id' },
}

let runner: CaseRunner
beforeAll(async () => {
  runner = await openCaseRunner()
})
afterAll(() => runner[Symbol.asyncDispose]())

const vendors = connectors.filter(({ spec }) => spec.isBuiltIn !== true)
const lists = vendors.flatMap(({ spec, lists: own }) =>
  Object.entries(own).map(([name, list]) => [`${spec.id} ${name}`, { connector: spec.id, list }] as const),
)
const polled = vendors.flatMap(({ triggers }) =>
  triggers.filter(({ poll }) => poll !== undefined).map((trigger) => [trigger.id, trigger] as const),
)

describe('choice lists, loaded from the simulated vendors', () => {
  test.each(lists)('%s offers choices with words, each value once', async (name, { connector, list }) => {
    if (EMPTY.has(name)) return
    const load = async (from: typeof list, given: Record<string, unknown>) =>
      (await runner.ask<readonly Choice[]>(connector, given, (call) => from.rows(call as never))).answer
    const given = { ...GIVEN[name] }
    for (const field of connector === 'highlevel' ? (list.given ?? []) : []) {
      const parent = vendors.find(({ spec }) => spec.id === connector)?.lists[PICKED_FROM[field] ?? '']
      if (parent) given[field] = (await load(parent, {}))[0]?.value
    }
    const answer = await load(list, given)
    expect(answer.length).toBeGreaterThan(0)
    for (const { value, label } of answer) expect([value, label]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)])
    expect(new Set(answer.map(({ value }) => value)).size).toBe(answer.length)
  })
})

/** Facts of the first page, as the runtime would ask for them: of items everything is new, of a feed everything since long ago. */
async function firstFacts(trigger: AnyTrigger) {
  const now = new Date().toISOString()
  const { answer } = await runner.ask(trigger.connector, trigger.input.parse(SETTINGS[trigger.id] ?? {}), async (call) => {
    const { poll } = trigger
    if (poll === undefined) return []
    if (poll.mode === 'feed') return (await poll.page({ ...call, cursor: poll.start('2000-01-01T00:00:00.000Z'), now } as never)).facts
    const { items } = await poll.page({ ...call, cursor: undefined } as never)
    expect(new Set(items.map((item) => poll.id(item))).size).toBe(items.length)
    return items.map((item) =>
      poll.fact({
        change: 'created',
        item,
        previous: undefined,
        hash: 'hash',
        revision: 1,
        connection: call.connection as never,
        now,
      } as never),
    )
  })
  return answer
}

describe('triggers that poll, asking the simulated vendors', () => {
  test.each(polled)('%s gives facts that are what it promises, each with a key of its own', async (_, trigger) => {
    const facts = await firstFacts(trigger)
    expect(facts.length).toBeGreaterThan(0)
    for (const { data, at } of facts) {
      expect(trigger.output.safeParse(data).error?.issues ?? []).toEqual([])
      expect(Date.parse(at)).not.toBeNaN()
    }
    expect(new Set(facts.map(({ key }) => key)).size).toBe(facts.length)
  })
})
