import type { FlowDefinition } from '@couplet/flow'
import { describe, expect, test } from 'vitest'
import { rebaseEdits } from './rebase.ts'

const base: FlowDefinition = {
  format: 1,
  name: 'Tags',
  slots: {},
  trigger: { operation: 'builtin.run.by-hand', version: 1, input: {} },
  steps: [{ kind: 'action', id: 'write', operation: 'builtin.table.put', version: 1, input: {} }],
}
const [write] = base.steps

describe('own edits on top of a draft somebody else saved', () => {
  test('keep what the other person mapped in the step whose note one changed', () => {
    if (write?.kind !== 'action') throw new Error('the base has an action')
    const theirs: FlowDefinition = { ...base, steps: [{ ...write, input: { key: { kind: 'value', value: 'a' } } }] }
    const { definition } = rebaseEdits(base, [{ kind: 'replace-step', stepId: 'write', step: { ...write, note: 'why' } }], theirs)
    expect(definition.steps[0]).toEqual({ ...write, note: 'why', input: { key: { kind: 'value', value: 'a' } } })
  })

  test('keep a trigger condition of theirs when one only changed how often it asks', () => {
    const theirs: FlowDefinition = { ...base, trigger: { ...base.trigger, where: 'true' } }
    const { definition } = rebaseEdits(base, [{ kind: 'set-trigger', trigger: { ...base.trigger, every: '5 m' } }], theirs)
    expect(definition.trigger).toEqual({ ...base.trigger, where: 'true', every: '5 m' })
  })

  test('take away a member that one took away', () => {
    if (write?.kind !== 'action') throw new Error('the base has an action')
    const noted: FlowDefinition = { ...base, steps: [{ ...write, note: 'old' }] }
    const { definition } = rebaseEdits(noted, [{ kind: 'replace-step', stepId: 'write', step: write }], { ...noted, name: 'Renamed' })
    expect(definition.steps[0]).toEqual(write)
    expect(definition.name).toBe('Renamed')
  })

  test('are refused when the step they change is gone', () => {
    expect(() => rebaseEdits(base, [{ kind: 'remove-step', stepId: 'write' }], { ...base, steps: [] })).toThrow(/no step "write"/)
  })
})
