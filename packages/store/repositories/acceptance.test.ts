import { newId, type TriggerId } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIRST_WORKSPACE } from '../store.ts'
import { openTestStore, type TestStore } from '../test-support/open-test-store.ts'
import type { Incoming, IncomingDelivery, IncomingFact } from './acceptance.ts'

let tested: TestStore
beforeAll(async () => {
  tested = await openTestStore()
})
afterAll(() => tested[Symbol.asyncDispose]())

const fact = (triggerId: TriggerId, key: string, more: Partial<IncomingFact> = {}): IncomingFact => ({
  triggerId,
  key,
  fact: { at: '2026-01-01T00:00:00.000Z', data: { key } },
  lane: 0,
  ...more,
})
const delivery = (triggerId: TriggerId, more: Partial<IncomingDelivery> = {}): IncomingDelivery => ({
  triggerId,
  topic: 't',
  headers: {},
  body: new Uint8Array([1]),
  receivedAt: Date.now(),
  state: 'accepted',
  ...more,
})
const accept = (incoming: Incoming) => tested.store.acceptance.accept(incoming)
const deliveriesOf = async (triggerId: TriggerId) => tested.store.deliveries.list(FIRST_WORKSPACE, { triggerId, limit: 200 })

describe('accepting facts', () => {
  test('starts one run for each key, for ever', async () => {
    const { triggerId } = await tested.flow('keys')
    const first = await accept({ facts: [fact(triggerId, 'a'), fact(triggerId, 'b')] })
    expect(first).toMatchObject({ seenBefore: 0, isKept: false })
    expect(first.runs).toHaveLength(2)
    expect(await accept({ facts: [fact(triggerId, 'a'), fact(triggerId, 'c')] })).toMatchObject({
      seenBefore: 1,
      runs: [expect.any(String)],
    })
  })

  test('that name the same key twice in one batch, or in batches at the same time, start one run', async () => {
    const { triggerId } = await tested.flow('same key')
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => accept({ facts: [fact(triggerId, 'x'), fact(triggerId, 'x')], delivery: delivery(triggerId) })),
    )
    expect(answers.flatMap(({ runs }) => runs)).toHaveLength(1)
    expect(answers.reduce((sum, answer) => sum + answer.seenBefore, 0)).toBe(599)
    const { rows } = await tested.database.pool.query<{ state: string; reason: string | null; count: string }>(
      'select state, reason, count(*) from deliveries where trigger_id = $1 group by 1, 2 order by 1',
      [triggerId],
    )
    expect(rows).toEqual([
      { state: 'accepted', reason: null, count: '1' },
      { state: 'ignored', reason: 'Already seen.', count: '299' },
    ])
  })

  test('of transactions that share keys in opposite orders do not lock each other out', async () => {
    const { triggerId } = await tested.flow('orders')
    const { pool } = tested.database
    /** Accepts these keys in a transaction of its own, as another process would. */
    const acceptApart = async (keys: readonly string[]): Promise<number> => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const [answer] = await tested.store.acceptance.acceptWithin(client, [{ facts: keys.map((key) => fact(triggerId, key)) }])
        await client.query('commit')
        return answer?.runs.length ?? 0
      } finally {
        client.release()
      }
    }
    const blocked = async (): Promise<number> =>
      (await pool.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).rowCount ?? 0
    // A third transaction holds the key in the middle, so that both others stop there with what they have taken.
    const holder = await pool.connect()
    await holder.query('begin')
    await holder.query("insert into trigger_keys (trigger_id, key) values ($1, 'm')", [triggerId])
    const both = Promise.all([acceptApart(['a', 'm', 'z']), acceptApart(['z', 'm', 'a'])])
    await expect.poll(blocked, { timeout: 10_000 }).toBe(2)
    await holder.query('rollback')
    holder.release()
    expect((await both).toSorted((a, b) => a - b)).toEqual([0, 3])
  })

  test('of a flow that is not on start nothing, leave no key, and keep their delivery', async () => {
    const { flowId, triggerId } = await tested.flow('paused')
    await tested.store.flows.setState(flowId, 'paused')
    expect(await accept({ facts: [fact(triggerId, 'a')], delivery: delivery(triggerId) })).toMatchObject({ runs: [], isKept: true })
    expect(await accept({ facts: [fact(triggerId, 'a')] })).toMatchObject({ runs: [], isKept: true })
    expect(await deliveriesOf(triggerId)).toMatchObject([{ state: 'kept' }])
    await tested.store.flows.setState(flowId, 'on')
    expect((await accept({ facts: [fact(triggerId, 'a')] })).runs).toHaveLength(1)
  })

  test('that nothing of a delivery led to says so in the list', async () => {
    const { triggerId } = await tested.flow('filtered')
    await accept({ facts: [], delivery: delivery(triggerId) })
    expect(await deliveriesOf(triggerId)).toMatchObject([{ state: 'ignored', reason: 'Nothing in it meets the condition of the flow.' }])
  })

  test('with a key of any length and any characters are known again', async () => {
    const { triggerId } = await tested.flow('odd keys')
    const keys = ['k\u0000', 'k\uFFFD', 'x'.repeat(100_000), '\ud800', '😀'.repeat(400)]
    const first = await accept({ facts: keys.map((key) => fact(triggerId, key)) })
    // The first two are the same text once the database has it.
    expect(first.runs).toHaveLength(4)
    for (const key of keys) expect((await accept({ facts: [fact(triggerId, key)] })).runs).toEqual([])
  })

  test('with data the database cannot keep as it is are accepted with a mark in its place', async () => {
    const { triggerId } = await tested.flow('odd data')
    const { runs } = await accept({
      facts: [fact(triggerId, 'a', { fact: { at: 'now', data: { text: 'a\u0000b\udfff' } } })],
      delivery: delivery(triggerId, { topic: 't\u0000', reason: undefined }),
    })
    const [runId] = runs
    if (!runId) throw new Error('No run was started')
    expect((await tested.store.journal.load(runId))?.fact).toEqual({ at: 'now', data: { text: 'a\uFFFDb\uFFFD' } })
  })

  test('that the database refuses fail alone: their neighbours in the batch are accepted', async () => {
    const { triggerId } = await tested.flow('one bad')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        accept({ facts: [fact(triggerId, `n${index}`, index === 17 ? { lane: 9_999_999 } : {})], delivery: delivery(triggerId) }),
      ),
    )
    expect(outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []))).toEqual([17])
    expect((await deliveriesOf(triggerId)).length).toBe(49)
    expect((await accept({ facts: [fact(triggerId, 'n17')] })).runs).toHaveLength(1)
  })

  test('starts a run by hand once for each key', async () => {
    const { flowId, triggerId } = await tested.flow('by hand')
    const start = () =>
      tested.store.runs.start({
        workspaceId: FIRST_WORKSPACE,
        flowId,
        version: 1,
        triggerId,
        connectionId: null,
        environment: 'sandbox',
        key: 'same',
        fact: { at: 'now', data: null },
      })
    const started = await Promise.all([start(), start(), start()])
    expect(new Set(started.map(({ runId }) => runId)).size).toBe(1)
    expect(started.filter(({ isNew }) => isNew)).toHaveLength(1)
  })

  test('of a trigger nobody knows start nothing', async () => {
    expect(await accept({ facts: [fact(newId('trg'), 'a')] })).toMatchObject({ runs: [], isKept: true })
  })
})
