import { describe, expect, test } from 'vitest'
import type { Step } from './definition.ts'
import { stepTitle } from './step-title.ts'

const ids = { id: 'followed' }
const cases: readonly [string, Step, string][] = [
  [
    'a branch says its first condition',
    { kind: 'branch', ...ids, branches: [{ title: 'The tag is followed', when: 'true', steps: [] }], otherwise: [] },
    'If the tag is followed',
  ],
  [
    'a branch with several conditions says that there are more',
    {
      kind: 'branch',
      ...ids,
      branches: [
        { title: 'SMS is on', when: 'true', steps: [] },
        { title: 'Other', when: 'true', steps: [] },
      ],
      otherwise: [],
    },
    'If SMS is on …',
  ],
  [
    'a loop names its list',
    { kind: 'for-each', ...ids, items: { kind: 'pill', path: ['find', 'flipBooks'] }, steps: [] },
    'For each of the flip books',
  ],
  ['a wait for a call says so', { kind: 'wait', ...ids, wait: { kind: 'webhook' } }, 'Wait for a call'],
  ['a wait says how long', { kind: 'wait', ...ids, wait: { kind: 'for', duration: '2 h' } }, 'Wait 2 h'],
  ['a stop says as what', { kind: 'stop', ...ids, outcome: 'skipped' }, 'Stop as skipped'],
  ['a stop of one item says so', { kind: 'stop', ...ids, outcome: 'failed', ends: 'item' }, 'Stop this item as failed'],
  ['its own title wins', { kind: 'stop', ...ids, title: 'Nothing to do', outcome: 'skipped' }, 'Nothing to do'],
]

describe('a step without a title', () => {
  test.each(cases)('%s', (_, step, title) => expect(stepTitle(step, undefined)).toBe(title))
})
