import type { FaultKind } from '@couplet/core'
import type { EffectClass } from '@couplet/connector-sdk'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextAttemptAt } from './backoff.ts'
import { ATTEMPTS_DEFAULT, type Reaction, reactionTo } from './reaction.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const EFFECTS: readonly EffectClass[] = ['read', 'keyed', 'harmless', 'after-lookup', 'never']
const FRAGILE: readonly EffectClass[] = ['after-lookup', 'never']

type Asked = Partial<Parameters<typeof reactionTo>[0]>
const react = (kind: FaultKind, effect: EffectClass, more: Asked = {}, fault: object = {}): Reaction =>
  reactionTo({
    fault: { code: 'test.fault', kind, message: 'm', ...fault },
    effect,
    isMaybeSent: false,
    isOpenFromBefore: false,
    attempts: 0,
    firstAt: NOW,
    now: NOW,
    random: 0.5,
    step: {},
    ...more,
  })

/** What the table says, in short: `retry` spends an attempt, `later` does not, `look` comes back unsure, `ask` parks as uncertain. */
const short = (reaction: Reaction): string => {
  if (reaction.do === 'park') return reaction.reason === 'uncertain' ? 'ask' : `park ${reaction.reason}`
  if (reaction.do !== 'retry') return reaction.do
  return `${reaction.isSpent ? 'retry' : 'later'}${reaction.isUnsure ? ', look' : ''}`
}

test('a defect of Couplet fails the run, also of a step that goes on after any fault', () => {
  for (const effect of EFFECTS) expect(short(react('bug', effect, { step: { continueOn: ['any'] } }))).toBe('fail')
  expect(short(react('bug', 'after-lookup', { isOpenFromBefore: true, step: { continueOn: ['any'] } }))).toBe('ask')
})

describe('the fault table', () => {
  // kind, then: harmless/keyed/read · after-lookup surely not sent · after-lookup maybe sent · never surely not sent · never maybe sent
  const TABLE: readonly [FaultKind, string, string, string, string, string][] = [
    ['throttled', 'later', 'later', 'later, look', 'later', 'ask'],
    ['not-ready', 'later', 'later', 'later, look', 'later', 'ask'],
    ['unavailable', 'retry', 'retry', 'retry, look', 'retry', 'ask'],
    ['unknown-outcome', 'retry', 'retry, look', 'retry, look', 'ask', 'ask'],
    ['auth-expired', 'park connection', 'park connection', 'park connection', 'park connection', 'park connection'],
    ['scope-missing', 'park scope', 'park scope', 'park scope', 'park scope', 'park scope'],
    ['rejected', 'fail', 'fail', 'fail', 'fail', 'fail'],
    ['not-found', 'fail', 'fail', 'fail', 'fail', 'fail'],
    ['conflict', 'fail', 'fail', 'fail', 'fail', 'fail'],
    ['user', 'fail', 'fail', 'fail', 'fail', 'fail'],
    ['bug', 'fail', 'fail', 'fail', 'fail', 'fail'],
  ]

  test.each(TABLE)('%s', (kind, safe, lookUnsent, lookSent, neverUnsent, neverSent) => {
    for (const effect of ['read', 'harmless', 'keyed'] as const)
      for (const isMaybeSent of [false, true]) expect([effect, short(react(kind, effect, { isMaybeSent }))]).toEqual([effect, safe])
    expect(short(react(kind, 'after-lookup'))).toBe(lookUnsent)
    expect(short(react(kind, 'after-lookup', { isMaybeSent: true }))).toBe(lookSent)
    expect(short(react(kind, 'never'))).toBe(neverUnsent)
    expect(short(react(kind, 'never', { isMaybeSent: true }))).toBe(neverSent)
  })

  test('nothing a look-up meets settles the question it was to answer', () => {
    for (const [kind] of TABLE)
      for (const continueOn of [undefined, ['any' as const], ['not-found' as const]]) {
        const reaction = react(kind, 'after-lookup', { isOpenFromBefore: true, step: { continueOn } })
        expect(['later, look', 'retry, look', 'ask', 'park connection', 'park scope']).toContain(short(reaction))
      }
  })

  test.each(['rejected', 'not-found', 'conflict'] as const)('%s ends the step, not the run, when the step says so', (kind) => {
    for (const effect of EFFECTS) {
      expect(react(kind, effect, { step: { continueOn: [kind] } }).do).toBe('tolerate')
      expect(react(kind, effect, { step: { continueOn: ['any'] } }).do).toBe('tolerate')
    }
    const other = kind === 'rejected' ? 'conflict' : 'rejected'
    expect(react(kind, 'read', { step: { continueOn: [other] } }).do).toBe('fail')
  })

  test('attempts end: the last one fails, is tolerated, or is handed to a person when it may have arrived', () => {
    const attempts = ATTEMPTS_DEFAULT - 1
    expect(short(react('unavailable', 'read', { attempts: attempts - 1 }))).toBe('retry')
    expect(short(react('unavailable', 'read', { attempts }))).toBe('fail')
    expect(short(react('unavailable', 'read', { attempts, step: { continueOn: ['any'] } }))).toBe('tolerate')
    expect(short(react('unavailable', 'after-lookup', { attempts, isMaybeSent: true, step: { continueOn: ['any'] } }))).toBe('ask')
    expect(short(react('unavailable', 'read', { attempts: 1, step: { attemptsMax: 2 } }))).toBe('fail')
  })

  test('attempts last about an hour when the vendor stays away, and never more than two', () => {
    const tried = (random: () => number): number => {
      let now = NOW
      for (let attempts = 0; attempts < 1_000; attempts++) {
        const reaction = react('unavailable', 'read', { attempts, now, random: random() })
        if (reaction.do !== 'retry') return now - NOW
        now = reaction.at
      }
      throw new Error('The attempts do not end')
    }
    // Each pause is even between nothing and its cap, so the middle of each adds up to what is to be expected.
    expect(tried(() => 0.5)).toBeGreaterThan(0.95 * HOUR)
    expect(tried(() => 0.5)).toBeLessThan(1.1 * HOUR)
    expect(tried(() => 1)).toBeLessThan(2.1 * HOUR)
    // A vendor that is away for ten minutes must not fail a run, whatever the dice say.
    const seeds = Array.from({ length: 2_000 }, (_, index) => index + 1)
    const spans = seeds.map((seed) => {
      let state = seed
      return tried(() => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)
    })
    expect(Math.min(...spans)).toBeGreaterThan(10 * 60_000)
    const mean = spans.reduce((sum, span) => sum + span, 0) / spans.length
    expect(mean).toBeGreaterThan(0.95 * HOUR)
    expect(mean).toBeLessThan(1.1 * HOUR)
  })

  test('waiting for a quota never fails a run, however long it lasts: the tail of a large back-fill waits for days', () => {
    const firstAt = NOW - 60 * 24 * HOUR
    for (const effect of EFFECTS)
      expect(react('throttled', effect, { firstAt }, { retryAt: NOW + HOUR })).toMatchObject({ isSpent: false, at: NOW + HOUR })
    for (const effect of EFFECTS) expect(short(react('throttled', effect, { firstAt }, { status: 429 }))).toBe('later')
    expect(short(react('throttled', 'after-lookup', { firstAt, isOpenFromBefore: true }))).toBe('later, look')
  })

  test('a vendor that throttles without naming a time is asked less and less often, a few times an hour in the end', () => {
    const pause = (waited: number): number => {
      const reaction = react('throttled', 'read', { firstAt: NOW - waited, random: 0.5 }, { status: 429 })
      return reaction.do === 'retry' ? reaction.at - NOW : Number.NaN
    }
    expect(pause(0)).toBe(4_000)
    const pauses = [0, 60_000, 10 * 60_000, HOUR, 48 * HOUR].map(pause)
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
    expect(pause(10 * 60_000)).toBeGreaterThan(30_000)
    expect(pause(48 * HOUR)).toBe(7.5 * 60_000)
  })

  test('a vendor that says "again at once" is not asked in a loop without a pause', () => {
    for (const retryAt of [0, NOW - HOUR, NOW, undefined])
      for (const random of [0, 0.5, 1]) {
        const reaction = react('throttled', 'read', { random }, { status: 429, retryAt })
        expect(reaction).toMatchObject({ do: 'retry', at: expect.toSatisfy((at: number) => at >= NOW + 1_000) })
      }
  })

  test('our own quota gives exact times, which are kept', () => {
    expect(react('throttled', 'read', {}, { retryAt: NOW + 20 })).toMatchObject({ at: NOW + 20 })
  })

  test('no retry comes before the time the vendor names, and none at a time that cannot be kept', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<FaultKind>('throttled', 'not-ready', 'unavailable'),
        fc.constantFrom(...EFFECTS),
        fc.oneof(fc.double(), fc.integer({ min: NOW, max: NOW + 30 * 24 * HOUR })),
        fc.integer({ min: 0, max: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, effect, retryAt, attempts, random) => {
          const reaction = react(kind, effect, { attempts, random }, { retryAt, status: 503 })
          if (reaction.do !== 'retry') throw new Error(`No retry but ${reaction.do}`)
          expect(Number.isFinite(reaction.at)).toBe(true)
          expect(reaction.at).toBeLessThanOrEqual(NOW + 40 * 24 * HOUR)
          if (retryAt <= NOW + 30 * 24 * HOUR) expect(reaction.at).toBeGreaterThanOrEqual(retryAt)
        },
      ),
    )
  })
})

describe('backoff', () => {
  test('lies between now and a cap that doubles with each attempt, up to a quarter of an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const pause = nextAttemptAt({ attempt, now: NOW, random }) - NOW
        expect(pause).toBeGreaterThanOrEqual(0)
        expect(pause).toBeLessThanOrEqual(Math.min(15 * 60_000, 1_000 * 2 ** Math.min(attempt - 1, 20)))
      }),
    )
    expect(nextAttemptAt({ attempt: 1, now: NOW, random: 1 }) - NOW).toBe(1_000)
    expect(nextAttemptAt({ attempt: 4, now: NOW, random: 1 }) - NOW).toBe(8_000)
    expect(nextAttemptAt({ attempt: 40, now: NOW, random: 1 }) - NOW).toBe(15 * 60_000)
  })

  test('spreads over the whole span: runs that failed together do not come back together', () => {
    const pauses = [0, 0.25, 0.5, 0.75, 1].map((random) => nextAttemptAt({ attempt: 5, now: NOW, random }) - NOW)
    expect(pauses).toEqual([0, 4_000, 8_000, 12_000, 16_000])
  })

  test.each(FRAGILE)('is the same for a write that must not be repeated blindly (%s), once it is sure that it did not leave', (effect) => {
    expect(react('unavailable', effect)).toEqual(react('unavailable', 'read'))
  })
})
