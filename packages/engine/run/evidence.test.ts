import { describe, expect, test } from 'vitest'
import type { Exchange } from '../outbound/exchange.ts'
import { addLine, keptExchanges } from './evidence.ts'
import type { LogLine } from './journal.ts'

const exchange = (number: number, bodyChars: number): Exchange => ({
  method: 'GET',
  url: `https://vendor.test/${number}`,
  status: 200,
  responseBody: 'x'.repeat(bodyChars),
  responseHeaders: {},
  startedAt: number,
  tookMs: 1,
})

describe('the evidence of an attempt', () => {
  test('of a few calls is kept whole', () => {
    const few = [1, 2, 3].map((number) => exchange(number, 10))
    expect(keptExchanges(few)).toEqual(few)
  })

  test('of a thousand calls is bounded: the last ones, in order, the very last with their bodies', () => {
    const kept = keptExchanges(Array.from({ length: 1_000 }, (_, number) => exchange(number, 16_000)))
    expect(kept.map(({ startedAt }) => startedAt)).toEqual(Array.from({ length: 50 }, (_, index) => 950 + index))
    expect(kept.at(-1)?.responseBody).toHaveLength(16_000)
    expect(kept[0]).not.toHaveProperty('responseBody')
    expect(JSON.stringify(kept).length).toBeLessThan(400_000)
  })

  test('log lines are bounded in number and width', () => {
    const lines: LogLine[] = []
    for (let at = 0; at < 1_000; at++) addLine(lines, { at, message: 'm'.repeat(10_000), fields: { wide: 'w'.repeat(10_000) } })
    expect(lines).toHaveLength(201)
    expect(lines.at(-1)?.message).toContain('the rest was not kept')
    expect(JSON.stringify(lines).length).toBeLessThan(500_000)
  })
})
