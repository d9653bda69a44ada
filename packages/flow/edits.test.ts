import { Fault } from '@couplet/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FlowDefinition, type Mapping, type Step } from './definition.ts'
import { applyEdit, applyEdits, type At, type Edit } from './edits.ts'
import { exampleFlow, lookup } from './test-support/operations.ts'
import { validateDefinition } from './validate.ts'
import { allSteps, findStep, innerLists } from './walk.ts'

const idsIn = (flow: FlowDefinition): string[] => [...allSteps(flow)].map(({ step }) => step.id)

const mapping: fc.Arbitrary<Mapping> = fc.oneof(
  fc.constantFrom<Mapping>(
    { kind: 'value', value: 1 },
    { kind: 'pill', path: ['trigger', 'name'] },
    { kind: 'pill', path: ['book', 'id'], fallback: null },
    { kind: 'text', parts: ['a', { kind: 'pill', path: ['book', 'title'] }] },
  ),
  fc
    .constantFrom('trigger.name', 'book.id + "x"', 'outcomes.book == "done"', 'tags.tags.map(t, t.name)')
    .map((formula): Mapping => ({ kind: 'formula', formula })),
)
/** Records as JSON gives them: with the usual prototype. */
const plain = <Model extends object>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) =>
  fc.record<Model>(model, { noNullPrototype: true })

const newId = fc.nat(30).map((number) => `new${number}`)
const id = fc.oneof(fc.constantFrom('book', 'gone', 'end', 'ask', 'tags', 'each', 'set', 'report', 'tell'), newId)
const at: fc.Arbitrary<At> = plain({
  container: fc.oneof(
    fc.constantFrom<At['container']>({ kind: 'flow' }, { kind: 'on-failure' }),
    fc.tuple(id, fc.nat(2)).map(([stepId, branch]): At['container'] => ({ kind: 'branch', stepId, branch })),
    id.map((stepId): At['container'] => ({ kind: 'otherwise', stepId })),
    id.map((stepId): At['container'] => ({ kind: 'each', stepId })),
  ),
  index: fc.nat(4),
})
const simple: fc.Arbitrary<Step> = newId.chain((stepId) =>
  fc.oneof(
    fc.constant<Step>({ kind: 'stop', id: stepId, outcome: 'done' }),
    mapping.map((title): Step => ({ kind: 'action', id: stepId, operation: 'couplet.report.make', version: 1, input: { title } })),
    mapping.map((items): Step => ({ kind: 'for-each', id: stepId, items, steps: [] })),
    fc.constant<Step>({
      kind: 'branch',
      id: stepId,
      branches: [{ title: 'a', when: 'book.id == ""', steps: [{ kind: 'stop', id: `${stepId}x`, outcome: 'done' }] }],
      otherwise: [],
    }),
  ),
)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }).map((name): Edit => ({ kind: 'set-name', name })),
  plain({ kind: fc.constant('add-step' as const), at, step: simple }),
  plain({ kind: fc.constant('remove-step' as const), stepId: id }),
  plain({ kind: fc.constant('move-step' as const), stepId: id, to: at }),
  plain({ kind: fc.constant('replace-step' as const), stepId: id, step: simple }),
  plain({ kind: fc.constant('set-input' as const), stepId: id, input: fc.constantFrom('title', 'id', 'tags'), mapping }),
  plain({ kind: fc.constant('remove-input' as const), stepId: id, input: fc.constantFrom('title', 'id', 'tags') }),
  fc.constant<Edit>({ kind: 'set-trigger', trigger: { operation: 'highlevel.social-tag.changed', version: 1, input: {} } }),
  plain({ kind: fc.constant('set-slot' as const), slot: fc.constantFrom('ghl', 'py'), connector: fc.constant('payaca') }),
  plain({ kind: fc.constant('remove-slot' as const), slot: fc.constantFrom('ghl', 'books', 'py') }),
  fc
    .record(
      { description: fc.option(fc.string({ maxLength: 9 })), orderedBy: fc.option(fc.constant('trigger.id')) },
      { requiredKeys: [], noNullPrototype: true },
    )
    .map((settings): Edit => ({ kind: 'set-settings', settings })),
  fc.option(fc.array(simple, { maxLength: 2 })).map((steps): Edit => ({ kind: 'set-on-failure', steps })),
  plain({
    kind: fc.constant('add-branch' as const),
    stepId: id,
    index: fc.nat(2),
    branch: plain({ title: fc.constant('b'), when: fc.constant('true'), steps: fc.array(simple, { maxLength: 1 }) }),
  }),
  plain({ kind: fc.constant('remove-branch' as const), stepId: id, index: fc.nat(2) }),
  plain({ kind: fc.constant('move-branch' as const), stepId: id, from: fc.nat(2), to: fc.nat(2) }),
  plain({ kind: fc.constant('set-branch' as const), stepId: id, index: fc.nat(2), title: fc.constant('t'), when: fc.constant('false') }),
  plain({ kind: fc.constant('rename-step-id' as const), stepId: id, to: id }),
)

test('any edit and its inverse give back exactly what was there, keep the form valid and leave the original alone', () => {
  let applied = 0
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
      let flow: FlowDefinition = exampleFlow()
      for (const one of edits) {
        const before = structuredClone(flow)
        try {
          const { definition, inverse } = applyEdit(flow, one)
          applied += 1
          expect(flow).toStrictEqual(before)
          expect(FlowDefinition.parse(definition)).toEqual(definition)
          expect(new Set(idsIn(definition)).size).toBe(idsIn(definition).length)
          expect(applyEdit(definition, inverse).definition).toStrictEqual(before)
          flow = definition
        } catch (thrown) {
          if (!(thrown instanceof Fault)) throw thrown
          expect(thrown.code).toMatch(/^edit\./)
          expect(flow).toStrictEqual(before)
        }
      }
    }),
    { numRuns: 600 },
  )
  expect(applied).toBeGreaterThan(500)
})

test('a list of edits is undone by its inverses in the order given', () => {
  const { definition, inverses } = applyEdits(exampleFlow(), [
    { kind: 'set-name', name: 'Other' },
    { kind: 'remove-step', stepId: 'each' },
    {
      kind: 'add-step',
      at: { container: { kind: 'otherwise', stepId: 'gone' }, index: 1 },
      step: { kind: 'stop', id: 'halt', outcome: 'done' },
    },
  ])
  expect(idsIn(definition)).toEqual(['book', 'gone', 'end', 'ask', 'halt', 'tags', 'report', 'tell'])
  expect(applyEdits(definition, inverses).definition).toEqual(exampleFlow())
})

describe('moving', () => {
  test('the position is counted after the step has left its old place', () => {
    const { definition } = applyEdit(exampleFlow(), { kind: 'move-step', stepId: 'book', to: { container: { kind: 'flow' }, index: 4 } })
    expect(definition.steps.map(({ id: stepId }) => stepId)).toEqual(['gone', 'tags', 'each', 'report', 'book'])
  })

  test('a step cannot go into itself', () => {
    expect(() =>
      applyEdit(exampleFlow(), { kind: 'move-step', stepId: 'each', to: { container: { kind: 'each', stepId: 'each' }, index: 0 } }),
    ).toThrow(/into itself/)
  })
})

test('renaming a step rewrites every pill and formula that reads it, and nothing else', () => {
  const { definition } = applyEdit(exampleFlow(), { kind: 'rename-step-id', stepId: 'book', to: 'flipbook' })
  expect(validateDefinition(definition, lookup).problems).toEqual([])
  const gone = findStep(definition, 'gone')?.step
  expect(gone?.kind === 'branch' && gone.branches[0]?.when).toBe('trigger.deleted && outcomes.flipbook != "failed"')
  const renamed = applyEdit(
    applyEdit(exampleFlow(), {
      kind: 'set-input',
      stepId: 'report',
      input: 'title',
      mapping: { kind: 'formula', formula: 'book.id + "book" + [1].map(book, book)[0] + trigger.book + outcomes["book"]' },
    }).definition,
    { kind: 'rename-step-id', stepId: 'book', to: 'b2' },
  ).definition
  const report = findStep(renamed, 'report')?.step
  expect(report?.kind === 'action' && report.input['title']).toEqual({
    kind: 'formula',
    formula: 'b2.id + "book" + [1].map(book, book)[0] + trigger.book + outcomes["b2"]',
  })
})

test('renaming a wait for a call rewrites who hands out its address', () => {
  const wait: Step = { kind: 'wait', id: 'signed', wait: { kind: 'webhook' } }
  const title = 'run.resumeUrls.signed + run["resumeUrls"]["signed"] + run.resumeUrls .signed + "signed"'
  const given = { ...exampleFlow(), steps: [...exampleFlow().steps, wait] }
  const { definition } = applyEdit(
    applyEdit(given, { kind: 'set-input', stepId: 'report', input: 'title', mapping: { kind: 'formula', formula: title } }).definition,
    { kind: 'rename-step-id', stepId: 'signed', to: 'agreed' },
  )
  const report = findStep(definition, 'report')?.step
  expect(report?.kind === 'action' && report.input['title']).toEqual({
    kind: 'formula',
    formula: 'run.resumeUrls.agreed + run["resumeUrls"]["agreed"] + run.resumeUrls .agreed + "signed"',
  })
  const pill = applyEdit(given, {
    kind: 'set-input',
    stepId: 'report',
    input: 'title',
    mapping: { kind: 'pill', path: ['run', 'resumeUrls', 'signed'] },
  }).definition
  const again = findStep(applyEdit(pill, { kind: 'rename-step-id', stepId: 'signed', to: 'agreed' }).definition, 'report')?.step
  expect(again?.kind === 'action' && again.input['title']).toEqual({ kind: 'pill', path: ['run', 'resumeUrls', 'agreed'] })
})

test('steps that an edit does not touch stay the same objects', () => {
  const before = exampleFlow()
  const { definition } = applyEdit(before, { kind: 'set-input', stepId: 'report', input: 'title', mapping: { kind: 'value', value: 'x' } })
  expect(definition.steps[3]).toBe(before.steps[3])
  expect(innerLists(definition.steps[1] as Step)[0]?.steps).toBe(innerLists(before.steps[1] as Step)[0]?.steps)
})
