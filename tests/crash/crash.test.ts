import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FAILPOINTS } from '../../packages/engine/failpoints.ts'
import { crash, type CrashCase, crashFolder, EVENTS, type Outcome, type Victim } from './crash-case.ts'

const CASE_MS = 90_000
const VICTIMS = ['web and worker', 'web', 'worker', 'database', 'everything'] as const satisfies readonly Victim[]

const isAccept = (failpoint: string): boolean => failpoint.startsWith('accept-')
const isPoll = (failpoint: string): boolean => failpoint.startsWith('poll-')

/** Passed by flows of their own: `places.test.ts` kills there. */
const isOfOwnScenario = (failpoint: string): boolean => /-(?:rest|wake|answer|replay)$/.test(failpoint)

/**
 * The lab's connection has a token that never ends, so nothing of these flows passes here. Killed here, a rotated token is lost with the process;
 * `token-keeper` asks the vendor to recover it, where the vendor can.
 */
const isOfTokens = (failpoint: string): boolean => failpoint === 'token-rotated'

/** Every place with every victim that can pass it. */
function fullMatrix(): CrashCase[] {
  return FAILPOINTS.filter((failpoint) => !isOfOwnScenario(failpoint) && !isOfTokens(failpoint)).flatMap((failpoint) =>
    VICTIMS.filter((victim) => (isAccept(failpoint) ? victim !== 'worker' : victim !== 'web')).map((victim) => ({
      failpoint,
      victim,
      nth: isAccept(failpoint) || isPoll(failpoint) || failpoint === 'before-job-end' ? 1 : 3,
      wire: isPoll(failpoint) ? ('feed' as const) : ('hook' as const),
    })),
  )
}

/** Each place once, each victim several times: what a change is likely to break. */
const REPRESENTATIVE: CrashCase[] = [
  { failpoint: 'accept-begin', victim: 'web and worker' },
  { failpoint: 'accept-begin', victim: 'database' },
  { failpoint: 'accept-committed', victim: 'everything' },
  { failpoint: 'accept-committed', victim: 'web' },
  { failpoint: 'before-commit', nth: 4, victim: 'worker' },
  { failpoint: 'before-commit', nth: 4, victim: 'database' },
  { failpoint: 'after-commit', nth: 3, victim: 'web and worker' },
  { failpoint: 'after-intent', nth: 2, victim: 'worker' },
  { failpoint: 'before-send', nth: 14, victim: 'web and worker' },
  { failpoint: 'after-send', nth: 15, victim: 'worker' },
  { failpoint: 'after-send', nth: 15, victim: 'database' },
  { failpoint: 'after-send', nth: 18, victim: 'everything' },
  { failpoint: 'before-end', nth: 2, victim: 'worker' },
  { failpoint: 'poll-before-finish', victim: 'worker', wire: 'feed' },
  { failpoint: 'poll-after-finish', victim: 'web and worker', wire: 'feed' },
  { failpoint: 'before-job-end', victim: 'worker' },
]

const cases = process.env['FULL'] === '1' ? fullMatrix() : REPRESENTATIVE

describe('killed at any place, Couplet loses no event, repeats no harmful write, and ends as if nothing had happened', () => {
  let folder = ''
  const twins = new Map<'hook' | 'feed', Outcome>()

  beforeAll(async () => {
    folder = await crashFolder()
    for (const wire of ['hook', 'feed'] as const) twins.set(wire, await crash(folder, { failpoint: '', victim: 'web and worker', wire }))
  }, CASE_MS)
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  test.for(cases.map((one) => ({ ...one, nth: one.nth ?? 1 })))('$failpoint ($nth): $victim', { timeout: CASE_MS }, async (one) => {
    const twin = twins.get(one.wire ?? 'hook')
    const outcome = await crash(folder, one)
    expect(outcome.wasKilled).toBe(true)
    expect(outcome.accepted.toSorted()).toEqual(EVENTS.toSorted())
    expect(outcome.repeated).toEqual([])
    expect(Object.fromEntries(outcome.stories)).toEqual(Object.fromEntries(twin?.stories ?? []))
  })

  test('the twin that nobody killed did everything once', () => {
    for (const twin of twins.values()) {
      expect(twin.stories.size).toBe(EVENTS.length)
      expect([...twin.stories.values()].every((stories) => stories.length === 1 && stories[0]?.state === 'done')).toBe(true)
      expect(twin.repeated).toEqual([])
      expect(twin.uncertain).toBe(0)
    }
  })
})
