import type { ActionStep, Mapping, Step } from '@couplet/flow'

/* Short words for the steps of flows under test. */

export const value = (given: Extract<Mapping, { kind: 'value' }>['value']): Mapping => ({ kind: 'value', value: given })
export const formula = (text: string): Mapping => ({ kind: 'formula', formula: text })

type More = Partial<Omit<ActionStep, 'kind' | 'id' | 'operation' | 'input'>>

export const action = (id: string, operation: string, input: Record<string, Mapping>, more: More = {}): ActionStep => ({
  kind: 'action',
  id,
  operation,
  version: 1,
  connection: operation.startsWith('acme.') ? 'shop' : undefined,
  input,
  ...more,
})
export const find = (id: string, thing: string | Mapping, more?: More): Step =>
  action(id, 'acme.thing.find', { id: typeof thing === 'string' ? value(thing) : thing }, more)
export const read = (id: string, name: string | Mapping, more?: More): Step =>
  action(id, 'acme.any.read', { name: typeof name === 'string' ? value(name) : name }, more)
export const set = (id: string, thing: string | Mapping, given: Mapping = value(1), more?: More): Step =>
  action(id, 'acme.thing.set', { id: typeof thing === 'string' ? value(thing) : thing, value: given }, more)
export const create = (id: string, ref: string | Mapping, more?: More): Step =>
  action(id, 'acme.thing.create', { ref: typeof ref === 'string' ? value(ref) : ref }, more)
export const pay = (id: string, ref: string | Mapping, more?: More): Step =>
  action(id, 'acme.payment.send', { ref: typeof ref === 'string' ? value(ref) : ref }, more)
