import { assert, integer, property, record, array, constantFrom, boolean } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bucket, windowLimit } from './bucket.ts'
import type { Answer, Sync, Want } from './sync.ts'

const LIMIT = { max: 10, perMs: 1_000 }
const LEASE_MS = 10_000
const quiet = { limit: LIMIT, leaseMs: LEASE_MS, wants: [], stock: 0, ended: [], unused: [], renew: [] } satisfies Sync
const say = (bucket: Bucket, now: number, message: Partial<Sync>): Answer => windowLimit.sync(bucket, { ...quiet, ...message }, now)
const want = (holder: string, group = 'flow', lane: 0 | 1 = 0): Want => ({ holder, group, lane })
const wants = (count: number, group = 'flow', lane: 0 | 1 = 0): Want[] =>
  Array.from({ length: count }, (_, i) => want(`${group} ${i}`, group, lane))
const waitsOf = (answer: Answer): number[] => answer.waits.filter((wait) => wait !== undefined)

/** The most arrivals in any window of this length, wherever it begins. */
function busiest(arrivals: readonly number[], perMs: number): number {
  const sorted = arrivals.toSorted((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= perMs) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}

type Happening = { at: number; act(now: number): void }

/** Performs happenings in the order of their times; they may add others. */
function play(happenings: Happening[]): void {
  for (let steps = 0; happenings.length > 0 && steps < 20_000; steps++) {
    happenings.sort((a, b) => a.at - b.at)
    const next = happenings.shift()
    next?.act(next.at)
  }
}

describe('a limit is kept', () => {
  const schedule = record({
    max: integer({ min: 1, max: 12 }),
    perMs: constantFrom(100, 1_000, 10_000),
    calls: array(
      record({
        at: integer({ min: 0, max: 8_000 }),
        count: integer({ min: 1, max: 15 }),
        stock: integer({ min: 0, max: 10 }),
        /** Between getting the token and sending. */
        beginMs: integer({ min: 0, max: 300 }),
        /** From sending to the vendor. */
        outMs: integer({ min: 0, max: 3_000 }),
        /** From the vendor to us. */
        backMs: integer({ min: 0, max: 3_000 }),
        /** From the end of the call to telling the ledger. */
        toldMs: integer({ min: 0, max: 400 }),
        isLane1: boolean(),
        /** The process is killed: it never says a word again. */
        isKilled: boolean(),
        isStockUsed: boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })

  test('no window of the vendor, wherever it begins, holds more calls than allowed: any latencies, stocks, promises and killed processes', () => {
    assert(
      property(schedule, ({ max, perMs, calls }) => {
        const limit = { max, perMs }
        const bucket = windowLimit.newState(limit)
        const arrivals: number[] = []
        const happenings: Happening[] = []
        let served = 0
        for (const [index, call] of calls.entries()) {
          const perform = (lease: number, now: number): void => {
            served += 1
            const sentAt = now + call.beginMs
            arrivals.push(sentAt + call.outMs)
            const endedAt = sentAt + call.outMs + call.backMs
            if (call.isKilled) return
            happenings.push({
              at: endedAt + call.toldMs,
              act: (at) => void say(bucket, at, { limit, ended: [{ lease, agoMs: at - endedAt }] }),
            })
          }
          const ask =
            (holders: readonly string[], tries: number): Happening['act'] =>
            (now) => {
              const answer = say(bucket, now, {
                limit,
                wants: holders.map((holder) => want(holder, `flow ${index % 3}`, call.isLane1 ? 1 : 0)),
                stock: call.stock,
              })
              for (const [i, wait] of answer.waits.entries()) {
                if (wait === undefined) perform(answer.lease, now)
                else if (tries < 60) happenings.push({ at: now + wait, act: ask([holders[i] ?? ''], tries + 1) })
              }
              if (answer.stock === 0) return
              if (call.isStockUsed) for (let i = 0; i < answer.stock; i++) perform(answer.lease, now)
              else if (!call.isKilled)
                happenings.push({
                  at: now + 500,
                  act: (at) => void say(bucket, at, { limit, unused: [{ lease: answer.lease, count: answer.stock }] }),
                })
            }
          happenings.push({
            at: call.at,
            act: ask(
              Array.from({ length: call.count }, (_, i) => `${index} ${i}`),
              0,
            ),
          })
        }
        play(happenings)
        expect(served).toBeGreaterThan(0)
        expect(busiest(arrivals, perMs)).toBeLessThanOrEqual(max)
      }),
      { numRuns: 300 },
    )
  })

  test('a token is used again at once when its window is over, not later', () => {
    const bucket = windowLimit.newState(LIMIT)
    const first = say(bucket, 0, { wants: wants(10) })
    expect(waitsOf(first)).toEqual([])
    say(bucket, 40, { ended: Array.from({ length: 10 }, () => ({ lease: first.lease, agoMs: 0 })) })
    const [wait = 0] = waitsOf(say(bucket, 50, { wants: [want('next')] }))
    expect(50 + wait).toBeGreaterThanOrEqual(1_040)
    expect(50 + wait).toBeLessThan(1_060)
    expect(waitsOf(say(bucket, 50 + wait, { wants: [want('next')] }))).toEqual([])
  })

  test('what a killed process held comes back when its lease is over and a window has passed', () => {
    const bucket = windowLimit.newState(LIMIT)
    say(bucket, 0, { wants: wants(10, 'killed') })
    expect(waitsOf(say(bucket, LEASE_MS + 900, { wants: [want('other')] }))).toHaveLength(1)
    expect(waitsOf(say(bucket, LEASE_MS + 1_100, { wants: [want('other')] }))).toEqual([])
  })

  test('a lease with calls under way is renewed', () => {
    const bucket = windowLimit.newState(LIMIT)
    const { lease } = say(bucket, 0, { wants: wants(10) })
    say(bucket, 8_000, { renew: [lease] })
    expect(waitsOf(say(bucket, 12_000, { wants: [want('other')] }))).toHaveLength(1)
  })

  test('when two say different limits for one host, the slower one holds while calls count', () => {
    const bucket = windowLimit.newState({ max: 2, perMs: 1_000 })
    const { lease } = say(bucket, 0, { limit: { max: 2, perMs: 1_000 }, wants: wants(2) })
    say(bucket, 10, {
      limit: { max: 2, perMs: 1_000 },
      ended: [
        { lease, agoMs: 0 },
        { lease, agoMs: 0 },
      ],
    })
    expect(waitsOf(say(bucket, 20, { limit: LIMIT, wants: [want('x')] }))).toHaveLength(1)
  })
})

describe('what the vendor says', () => {
  const full = Array.from({ length: 10 }, () => ({ lease: 1, agoMs: 0 }))

  test('calls of others with the same account are counted', () => {
    const bucket = windowLimit.newState(LIMIT)
    say(bucket, 0, { wants: wants(2) })
    say(bucket, 20, { ended: full.slice(0, 2), said: { agoMs: 20, max: 10, remaining: 3 } })
    expect(windowLimit.gauge(bucket, 30).used).toBe(7)
  })

  test('a word of before the last tokens came free is not taken for calls of others', () => {
    const bucket = windowLimit.newState(LIMIT)
    say(bucket, 0, { wants: wants(10) })
    say(bucket, 20, { ended: full })
    // The last answer said "none remaining"; it is told only when those calls count no more.
    say(bucket, 1_060, { said: { agoMs: 1_045, max: 10, remaining: 0 } })
    expect(windowLimit.gauge(bucket, 1_060).used).toBe(0)
  })

  test('a smaller limit than the declared one is kept, a larger one is not used', () => {
    const bucket = windowLimit.newState(LIMIT)
    say(bucket, 0, { wants: wants(1) })
    say(bucket, 10, { said: { agoMs: 1, max: 100, remaining: 99 } })
    expect(bucket.max).toBe(10)
    say(bucket, 20, { said: { agoMs: 1, max: 4, remaining: 3 } })
    expect(waitsOf(say(bucket, 30, { wants: wants(4) }))).toHaveLength(1)
  })

  test('after a refusal nobody calls until the vendor allows it', () => {
    const bucket = windowLimit.newState(LIMIT)
    say(bucket, 0, { wants: wants(1) })
    say(bucket, 10, { ended: [{ lease: 1, agoMs: 0 }], said: { agoMs: 10, refusedForMs: 30_000 } })
    const waits = waitsOf(say(bucket, 20, { wants: wants(2) }))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(29_990)
  })
})

describe('turns', () => {
  /** Serves whoever comes when told, with calls that take 10 ms; answers the holders in the order they got their token. */
  function serveAll(bucket: Bucket, from: number, arriving: readonly { at: number; want: Want }[]): string[] {
    const order: string[] = []
    const happenings: Happening[] = []
    const ask =
      (wanted: Want): Happening['act'] =>
      (now) => {
        const { waits, lease } = say(bucket, now, { wants: [wanted] })
        const [wait] = waits
        if (wait !== undefined) {
          happenings.push({ at: now + wait, act: ask(wanted) })
          return
        }
        order.push(wanted.holder)
        happenings.push({ at: now + 10, act: (at) => void say(bucket, at, { ended: [{ lease, agoMs: 0 }] }) })
      }
    for (const { at, want: wanted } of arriving) happenings.push({ at: from + at, act: ask(wanted) })
    play(happenings)
    return order
  }
  const allAtOnce = (list: readonly Want[]) => list.map((wanted, index) => ({ at: index / 100, want: wanted }))

  test('three hundred that ask at once come back in their order, each about twice at most', () => {
    const bucket = windowLimit.newState({ max: 100, perMs: 10_000 })
    const limit = { max: 100, perMs: 10_000 }
    const all = wants(300)
    const servedAt = new Map<string, number>()
    let asked = 0
    const happenings: Happening[] = []
    const ask =
      (wanted: Want): Happening['act'] =>
      (now) => {
        asked += 1
        const { waits, lease } = say(bucket, now, { limit, wants: [wanted] })
        const [wait] = waits
        if (wait !== undefined) {
          happenings.push({ at: now + wait, act: ask(wanted) })
          return
        }
        servedAt.set(wanted.holder, now)
        happenings.push({ at: now + 15, act: (at) => void say(bucket, at, { limit, ended: [{ lease, agoMs: 0 }] }) })
      }
    for (const [index, wanted] of all.entries()) happenings.push({ at: index / 10, act: ask(wanted) })
    play(happenings)
    const times = all.map((wanted) => servedAt.get(wanted.holder) ?? Number.NaN)
    // Those whose tokens come free in the same moment may overtake each other in it.
    for (const [index, at] of times.entries()) expect(at).toBeGreaterThan(Math.max(0, ...times.slice(0, index)) - 20)
    expect(asked).toBeLessThan(900)
  })

  test("one flow's back-fill delays another flow's event by a turn, not by its own length", () => {
    const bucket = windowLimit.newState(LIMIT)
    const order = serveAll(bucket, 0, [...allAtOnce(wants(100, 'back-fill')), { at: 500, want: want('event', 'other') }])
    expect(order).toHaveLength(101)
    expect(order.indexOf('event')).toBeLessThan(14)
  })

  test('flows of one account take turns', () => {
    const bucket = windowLimit.newState(LIMIT)
    const order = serveAll(bucket, 0, [
      ...allAtOnce(wants(40, 'a')),
      ...allAtOnce(wants(40, 'b')).map(({ at, want: w }) => ({ at: at + 1, want: w })),
    ])
    const early = order.slice(10, 50)
    expect(early.filter((holder) => holder.startsWith('b')).length).toBeGreaterThanOrEqual(18)
    expect(early.filter((holder) => holder.startsWith('a')).length).toBeGreaterThanOrEqual(10)
  })

  test('live events go before bulk work, which still gets its tenth', () => {
    const bucket = windowLimit.newState(LIMIT)
    const bulk = allAtOnce(wants(40, 'bulk', 1))
    const events = allAtOnce(wants(100, 'events')).map(({ at, want: wanted }) => ({ at: at + 2, want: wanted }))
    const order = serveAll(bucket, 0, [...bulk, ...events])
    // Before the first event came, bulk work had the bucket for itself.
    const contended = order.slice(10, 90)
    const share = contended.filter((holder) => holder.startsWith('bulk')).length / contended.length
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.2)
    expect(order).toHaveLength(140)
  })

  test('who does not come when it is their turn holds nobody up for long, and keeps the place', () => {
    const bucket = windowLimit.newState(LIMIT)
    const { lease } = say(bucket, 0, { wants: wants(10) })
    say(bucket, 10, { ended: Array.from({ length: 10 }, () => ({ lease, agoMs: 0 })) })
    say(bucket, 20, { wants: wants(10, 'sleepers') })
    // Their turn comes after a second; all ten tokens are held for them.
    expect(waitsOf(say(bucket, 2_000, { wants: [want('newcomer', 'sleepers')] }))).toHaveLength(1)
    expect(waitsOf(say(bucket, 8_000, { wants: [want('newcomer', 'sleepers')] }))).toEqual([])
    expect(waitsOf(say(bucket, 8_010, { wants: [want('sleepers 0', 'sleepers')] }))).toEqual([])
  })

  test('three thousand that wait do not make the bucket grow without end, and all are served', () => {
    const bucket = windowLimit.newState(LIMIT)
    let longest = 0
    const answers = say(bucket, 0, { wants: wants(3_000) })
    longest = Math.max(longest, bucket.waiting.length)
    expect(longest).toBeLessThanOrEqual(100)
    const last = Math.max(...waitsOf(answers))
    // 3,000 calls at 10 a second.
    expect(last).toBeGreaterThan(250_000)
    expect(last).toBeLessThan(330_000)
    expect(serveAll(windowLimit.newState(LIMIT), 0, allAtOnce(wants(600)))).toHaveLength(600)
  })
})
