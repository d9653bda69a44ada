import { describe, expect, test } from 'vitest'
import { diffDefinitions } from './definition-diff.ts'
import type { FlowDefinition, Step } from './definition.ts'
import { applyEdits } from './edits.ts'
import { nearest } from './nearest.ts'
import { flowSentence } from './sentence.ts'
import { exampleFlow, lookup } from './test-support/operations.ts'
import { findStep, innerMappings, operationsUsed, requiredConnectors, stepExpressions, stepNumbers, stepPath, walkSteps } from './walk.ts'

const action = (id: string, operation: string, connection?: string): Step => ({
  kind: 'action',
  id,
  operation,
  version: 1,
  input: {},
  ...(connection ? { connection } : {}),
})
const flowOf = (steps: Step[], where?: string): FlowDefinition => ({
  ...exampleFlow(),
  steps,
  trigger: { operation: 'highlevel.social-tag.changed', version: 1, connection: 'ghl', input: {}, ...(where ? { where } : {}) },
})
const TRIGGER = 'When a social tag is created, renamed or removed in any location'

describe('the sentence of a flow', () => {
  test.each<[string, Step[], string]>([
    ['reads alone are told', [action('a', 'heyzine.flipbook.get', 'books')], `${TRIGGER}, get a flipbook in Heyzine.`],
    [
      'reads are left out beside writes',
      [action('a', 'heyzine.flipbook.get', 'books'), action('b', 'heyzine.flipbook.set-tags', 'books'), action('c', 'couplet.report.make')],
      `${TRIGGER}, set the tags of a flipbook in Heyzine, then make a report.`,
    ],
    [
      'branches',
      [
        {
          kind: 'branch',
          id: 'b',
          branches: [{ title: 'The tag is new', when: 'true', steps: [action('a', 'couplet.report.make')] }],
          otherwise: [action('c', 'heyzine.flipbook.set-tags', 'books')],
        },
      ],
      `${TRIGGER}, if the tag is new, make a report; otherwise set the tags of a flipbook in Heyzine.`,
    ],
    [
      'waits and loops',
      [
        { kind: 'wait', id: 'w', wait: { kind: 'for', duration: '24 h' } },
        { kind: 'for-each', id: 'e', items: { kind: 'formula', formula: '[]' }, steps: [action('a', 'couplet.report.make')] },
      ],
      `${TRIGGER}, wait 24 h, then for each item: make a report.`,
    ],
    ['no steps', [], `${TRIGGER}, do nothing yet.`],
    ['an unknown operation', [action('a', 'x.y.z')], `${TRIGGER}, run x.y.z.`],
    [
      'many steps are summed up',
      Array.from({ length: 8 }, (_, index) => action(`a${index}`, 'couplet.report.make')),
      `${TRIGGER}, ${Array.from({ length: 6 }, () => 'make a report').join(', then ')} (and 2 more steps).`,
    ],
  ])('%s', (_name, steps, expected) => {
    expect(flowSentence(flowOf(steps), lookup)).toBe(expected)
  })

  test('names of connections and a condition are told', () => {
    expect(flowSentence(flowOf([action('a', 'couplet.report.make')], 'trigger.deleted'), lookup, { ghl: 'Leeds' })).toBe(
      'When a social tag is created, renamed or removed in Leeds and a condition holds, make a report.',
    )
  })
})

describe('the difference of two versions', () => {
  test('no change, no difference', () => {
    expect(diffDefinitions(exampleFlow(), exampleFlow())).toEqual([])
  })

  test('added, removed, moved and changed steps are told once each, with before and after', () => {
    const { definition } = applyEdits(exampleFlow(), [
      { kind: 'set-name', name: 'New name' },
      {
        kind: 'set-input',
        stepId: 'set',
        input: 'tags',
        mapping: { kind: 'list', items: [{ kind: 'pill', path: ['each', 'item', 'name'] }] },
      },
      { kind: 'remove-step', stepId: 'gone' },
      { kind: 'move-step', stepId: 'report', to: { container: { kind: 'flow' }, index: 0 } },
      {
        kind: 'add-step',
        at: { container: { kind: 'flow' }, index: 4 },
        step: {
          kind: 'for-each',
          id: 'more',
          items: { kind: 'value', value: [] },
          steps: [{ kind: 'stop', id: 'inner', outcome: 'done' }],
        },
      },
    ])
    expect(diffDefinitions(exampleFlow(), definition)).toEqual([
      { kind: 'changed', subject: 'Flow', member: 'name', before: 'Tags to flipbook', after: 'New name' },
      { kind: 'removed', stepId: 'gone', subject: 'Step 2 gone', before: 'branch with 2 steps' },
      { kind: 'moved', stepId: 'report', subject: 'Step 1 report', before: '5', after: '1' },
      {
        kind: 'changed',
        stepId: 'set',
        subject: 'Step 4.1 set',
        member: 'input tags',
        before: '[{each.item.name}, "campaign"]',
        after: '[{each.item.name}]',
      },
      { kind: 'added', stepId: 'more', subject: 'Step 5 more', after: 'for-each with 1 step' },
    ])
  })
})

describe('walking', () => {
  test('visits in reading order with paths that lead to the steps', () => {
    const flow = exampleFlow()
    const seen: string[] = []
    walkSteps(flow, ({ step, path }) => {
      seen.push(step.id)
      expect(stepPath(flow, step.id)).toEqual(path)
      expect(path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], flow)).toBe(step)
    })
    expect(seen).toEqual(['book', 'gone', 'end', 'ask', 'tags', 'each', 'set', 'report', 'tell'])
    const first: string[] = []
    walkSteps(flow, ({ step }) => (first.push(step.id), step.id === 'gone' ? false : undefined))
    expect(first).toEqual(['book', 'gone'])
  })

  test('numbers, connectors and operations', () => {
    const flow = exampleFlow()
    expect(Object.fromEntries(stepNumbers(flow))).toMatchObject({
      book: '1',
      gone: '2',
      end: '2.1',
      ask: '2.2',
      each: '4',
      set: '4.1',
      report: '5',
    })
    expect(Object.fromEntries(requiredConnectors(flow))).toEqual({ highlevel: ['ghl'], heyzine: ['books'] })
    expect(operationsUsed(flow)).toContainEqual({ operation: 'couplet.report.make', version: 1, slots: [] })
    expect(operationsUsed(flow)).toHaveLength(5)
    expect(findStep(flow, 'nope')).toBeUndefined()
  })

  test('every mapping of a step is found, inner ones too', () => {
    const set = findStep(exampleFlow(), 'set')?.step
    const places = set
      ? stepExpressions(set).flatMap((found) =>
          'mapping' in found ? [...innerMappings(found.mapping, found.path)].map(({ path }) => path.join('.')) : [],
        )
      : []
    expect(places).toEqual([
      'input.id',
      'input.tags',
      'input.tags.items.0',
      'input.tags.items.1',
      'input.look',
      'input.look.fields.color',
      'input.look.fields.size',
    ])
  })
})

test('suggestions are near words only', () => {
  expect(nearest('nmae', ['name', 'id'])).toBe('name')
  expect(nearest('Name', ['name'])).toBe('name')
  expect(nearest('zzz', ['name', 'id'])).toBeUndefined()
})
