import { describe, expect, test } from 'vitest'
import { type Ending, playScenario, type Scenario, type Victim } from './place-case.ts'
import { approved, replayed, scanned, sleeping, uncertain } from './scenarios.ts'

const CASE_MS = 90_000

type Place = { failpoint: string; nth?: number; victim: Victim }
/** `usual`: places that are passed in every run of the tests; the others when all are asked for. */
type Group = { what: string; scenario: Scenario; usual: Place[]; others: Place[] }

const GROUPS: Group[] = [
  {
    what: 'a run that sleeps',
    scenario: sleeping,
    usual: [{ failpoint: 'after-rest', nth: 2, victim: 'worker' }],
    others: [
      { failpoint: 'before-rest', nth: 2, victim: 'worker' },
      { failpoint: 'before-wake', nth: 2, victim: 'worker' },
      { failpoint: 'after-wake', nth: 2, victim: 'worker' },
    ],
  },
  {
    what: 'a list that is scanned',
    scenario: scanned,
    usual: [],
    others: [
      { failpoint: 'poll-before-finish', nth: 1, victim: 'worker' },
      { failpoint: 'poll-before-finish', nth: 2, victim: 'worker' },
      { failpoint: 'poll-after-finish', nth: 1, victim: 'worker' },
      { failpoint: 'poll-after-finish', nth: 2, victim: 'worker' },
    ],
  },
  {
    what: 'an uncertain write that a person decides',
    scenario: uncertain,
    usual: [{ failpoint: 'after-answer', victim: 'web' }],
    others: [{ failpoint: 'before-answer', victim: 'web' }],
  },
  {
    what: 'an approval that a person gives',
    scenario: approved,
    usual: [],
    others: [
      { failpoint: 'before-answer', victim: 'web' },
      { failpoint: 'after-answer', victim: 'web' },
    ],
  },
  {
    what: 'failed runs that are replayed together',
    scenario: replayed,
    usual: [{ failpoint: 'after-replay', nth: 3, victim: 'web' }],
    others: [
      { failpoint: 'before-replay', nth: 3, victim: 'web' },
      { failpoint: 'after-replay', nth: 5, victim: 'web' },
    ],
  },
]

const isFull = process.env['FULL'] === '1'
const groups = GROUPS.flatMap((group) => {
  const places = isFull ? [...group.usual, ...group.others] : group.usual
  return places.length === 0 ? [] : [{ ...group, places }]
})

describe.for(groups)('$what: killed at each place, it ends as if nothing had happened', ({ scenario, places }) => {
  let twin: Promise<Ending> | undefined

  test.for(places.map((place) => ({ nth: 1, ...place })))('$failpoint ($nth): $victim', { timeout: CASE_MS }, async (place) => {
    twin ??= playScenario(scenario)
    const [spared, ending] = await Promise.all([twin, playScenario(scenario, place)])
    expect(ending.wasKilled).toBe(true)
    expect(Object.keys(ending.stories).length).toBeGreaterThan(0)
    expect(ending).toEqual({ ...spared, wasKilled: true })
  })
})
