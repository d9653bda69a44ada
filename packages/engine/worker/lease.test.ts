import { describe, expect, test } from 'vitest'
import { createLease, DEAD_AFTER_MS, FRESH_FOR_MS } from './lease.ts'

function lab() {
  let tick = 1_000
  let wall = 500_000
  const lease = createLease({ tick: () => tick, wall: () => wall })
  return {
    lease,
    pass: (ms: number) => void ((tick += ms), (wall += ms)),
    passTick: (ms: number) => void (tick += ms),
    passWall: (ms: number) => void (wall += ms),
  }
}

describe('the lease of a worker', () => {
  test('is good for a process that never became a worker', () => {
    const { lease, pass } = lab()
    const term = lease.term()
    pass(1_000_000)
    expect(lease.isFresh()).toBe(true)
    expect(term.isGood()).toBe(true)
  })

  test('goes stale before others take the worker for dead', () => {
    const { lease, pass } = lab()
    lease.renew(lease.tick())
    const term = lease.term()
    pass(FRESH_FOR_MS - 1)
    expect(term.isGood()).toBe(true)
    pass(1)
    expect(term.isGood()).toBe(false)
    expect(FRESH_FOR_MS).toBeLessThan(DEAD_AFTER_MS)
  })

  test('counts from when the beat was sent, not from when its answer came', () => {
    const { lease, pass } = lab()
    const sentAt = lease.tick()
    pass(2_000)
    lease.renew(sentAt)
    pass(FRESH_FOR_MS - 2_000)
    expect(lease.isFresh()).toBe(false)
  })

  test('stays lost for what was taken up before a gap, though a later beat is heard', () => {
    const { lease, pass } = lab()
    lease.renew(lease.tick())
    const before = lease.term()
    pass(15_000)
    lease.renew(lease.tick())
    expect(before.isGood()).toBe(false)
    expect(lease.term().isGood()).toBe(true)
    expect(lease.heldForMs()).toBe(0)
  })

  test('is lost when others took the worker off their list', () => {
    const { lease } = lab()
    lease.renew(lease.tick())
    const term = lease.term()
    lease.lapse()
    expect(term.isGood()).toBe(false)
  })

  test('is stale after a suspension in which only one of the clocks went on', () => {
    for (const pass of ['passTick', 'passWall'] as const) {
      const one = lab()
      one.lease.renew(one.lease.tick())
      one[pass](FRESH_FOR_MS)
      expect(one.lease.isFresh()).toBe(false)
    }
  })
})
