import { describe, expect, test } from 'vitest'
import type { FlowDefinition, Step } from './definition.ts'
import type { OperationShape } from './operation-shape.ts'
import { checkFlow } from './validate.ts'

const text = { type: 'string' }
const customer: OperationShape = {
  id: 'acme.changed',
  version: 1,
  kind: 'trigger',
  connector: 'builtin',
  title: 'Changed',
  phrase: 'it changes',
  effect: 'read',
  needsConnection: false,
  input: { type: 'object' },
  output: { type: 'object', properties: { email: text, name: text }, required: ['name'] },
  sample: { name: 'Ada' },
}
const send: OperationShape = {
  ...customer,
  id: 'acme.send',
  kind: 'action',
  input: { type: 'object', properties: { to: text }, required: ['to'] },
}
const action: Step = {
  kind: 'action',
  id: 'send',
  operation: 'acme.send',
  version: 1,
  input: { to: { kind: 'pill', path: ['trigger', 'email'] } },
}
const stop: Step = { kind: 'stop', id: 'end', outcome: 'skipped' }
const codes = (...steps: Step[]) => {
  const definition: FlowDefinition = {
    format: 1,
    name: 'Mails',
    slots: {},
    trigger: { operation: 'acme.changed', version: 1, input: {} },
    steps,
  }
  return checkFlow(definition, (id) => [customer, send].find((shape) => shape.id === id)).map(({ code }) => code)
}
const branch = (when: string, steps: Step[], otherwise: Step[] = []): Step => ({
  kind: 'branch',
  id: 'which',
  branches: [{ title: 'Yes', when, steps }],
  otherwise,
})
const EMPTY = ['mapping.may_be_empty']

describe('a value that may be empty', () => {
  test.each(['has(trigger.email)', 'has(trigger.email) && trigger.name != "x"', 'has(trigger.email) && trigger.email != ""'])(
    'is certain in a branch that tests for it: %s',
    (when) => {
      expect(codes(action)).toEqual(EMPTY)
      expect(codes(branch(when, [action]))).toEqual([])
    },
  )

  test.each(['has(trigger.name)', 'has(trigger.email) || trigger.name == "x"', '!has(trigger.email)'])(
    'stays uncertain where the condition does not say so: %s',
    (when) => expect(codes(branch(when, [action]))).toEqual(EMPTY),
  )

  test('is certain on the other way of a branch that tests for its absence', () => {
    expect(codes(branch('!has(trigger.email)', [stop], [action]))).toEqual([])
  })

  test('is certain behind a guard that stops, and not behind one that goes on', () => {
    expect(codes(branch('!has(trigger.email)', [stop]), action)).toEqual([])
    expect(codes(branch('!has(trigger.email)', []), action)).toEqual(EMPTY)
  })
})

test('how a step before ended is known inside a loop and a branch, but not outside of them', () => {
  const asks = (id: string): Step => ({ ...branch('outcomes.send == "done"', [stop]), id })
  const first: Step = { ...action, input: { to: { kind: 'value', value: 'x' } } }
  const loop: Step = { kind: 'for-each', id: 'each', items: { kind: 'value', value: [1] }, steps: [first, asks('inside')] }
  expect(codes(loop)).toEqual([])
  expect(codes({ ...loop, steps: [first] }, asks('outside'))).toEqual(['formula.may_be_absent'])
})
