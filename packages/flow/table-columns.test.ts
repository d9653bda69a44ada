import { describe, expect, test } from 'vitest'
import type { FlowDefinition } from './definition.ts'
import type { OperationLookup, OperationShape } from './operation-shape.ts'
import { withTables } from './table-columns.ts'
import { checkFlow } from './validate.ts'

const filter = { type: 'object', additionalProperties: {}, columnsOf: 'table', matches: true }
const row = { type: 'object', additionalProperties: {}, columnsOf: 'table', title: 'Row' }
const find: OperationShape = {
  id: 'builtin.table.find',
  version: 1,
  kind: 'action',
  connector: 'builtin',
  title: 'Find rows',
  phrase: 'find rows',
  effect: 'read',
  needsConnection: false,
  input: { type: 'object', properties: { table: { type: 'string' }, where: filter }, required: ['table'] },
  output: { type: 'object', properties: { rows: { type: 'array', items: row } }, required: ['rows'] },
  sample: { rows: [] },
}
const send: OperationShape = {
  ...find,
  id: 'builtin.send',
  input: { type: 'object', properties: { count: { type: 'number' } }, required: ['count'] },
}
const start: OperationShape = { ...find, id: 'builtin.start', kind: 'trigger', input: { type: 'object' }, output: { type: 'object' } }
const base: OperationLookup = (id) => [find, send, start].find((shape) => shape.id === id)
const lookup = withTables(base, [
  {
    name: 'Prices',
    columns: [
      { name: 'amount', title: 'Amount', type: 'number' },
      { name: 'label', title: 'Label', type: 'text' },
      { name: 'tags', title: 'Tags', type: 'list', list: 'acme.tags' },
    ],
  },
])
const flow = (table: string, column: string): FlowDefinition => ({
  format: 1,
  name: 'Prices',
  slots: {},
  trigger: { operation: 'builtin.start', version: 1, input: {} },
  steps: [
    { kind: 'action', id: 'look', operation: 'builtin.table.find', version: 1, input: { table: { kind: 'value', value: table } } },
    {
      kind: 'action',
      id: 'send',
      operation: 'builtin.send',
      version: 1,
      input: { count: { kind: 'pill', path: ['look', 'rows', 0, column], fallback: 0 } },
    },
  ],
})
const codes = (definition: FlowDefinition) => checkFlow(definition, lookup).map(({ code }) => code)

describe('values from a lookup table', () => {
  test('have the type of their column', () => {
    expect(codes(flow('Prices', 'amount'))).toEqual([])
    expect(codes(flow('Prices', 'label'))).toContain('mapping.may_not_fit')
  })

  test('may be empty, since any cell may be', () => {
    const definition = flow('Prices', 'amount')
    const [look, step] = definition.steps
    if (!look || step?.kind !== 'action') throw new Error('the flow has two steps')
    const bare: FlowDefinition = {
      ...definition,
      steps: [look, { ...step, input: { count: { kind: 'pill', path: ['look', 'rows', 0, 'amount'] } } }],
    }
    expect(codes(bare)).toEqual(['mapping.may_be_empty'])
  })

  test('stay open for columns and tables that nobody described', () => {
    expect(codes(flow('Prices', 'extra'))).toEqual([])
    expect(codes(flow('Unknown', 'label'))).toEqual([])
  })
})

test('the columns of the chosen table are the fields to filter by, with where their choices come from', () => {
  const given = lookup('builtin.table.find', 1)?.given?.({ table: { kind: 'value', value: 'Prices' } })
  expect(given?.input).toMatchObject({
    properties: { where: { properties: { amount: { type: 'number', title: 'Amount' }, tags: { type: 'string', list: 'acme.tags' } } } },
  })
  expect(lookup('builtin.start', 1)?.given).toBeUndefined()
})
