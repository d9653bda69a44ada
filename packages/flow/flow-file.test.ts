import { Fault, parseJson } from '@couplet/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { FlowDefinition } from './definition.ts'
import { applyEdit } from './edits.ts'
import { parseFlowFile } from './flow-file.ts'
import { FLOW_SCHEMA_ID, flowJsonSchema } from './json-schema.ts'
import { printFlowFile } from './print-definition.ts'
import { exampleFlow } from './test-support/operations.ts'
import { upgradeDefinition } from './upgrade.ts'

describe('reading', () => {
  test.each([
    ['{\n  "a": 1,\n  "b": [1, 2,]\n}', 3, 14, 'comma before it'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'comma is missing'],
    ["{ 'a': 1 }", 1, 3, 'double quotes'],
    ['{ "a": 1', 1, 9, 'ends too early'],
    ['{\n  // note\n  "a": 1 }', 2, 3, 'no comments'],
    ['{ "a": "x\ny" }', 1, 8, 'not closed'],
    ['{ "a": nul }', 1, 8, 'double quotes'],
    ['{} {}', 1, 4, 'commas'],
  ])('%j is wrong at line %i, column %i', (text, line, column, hint) => {
    expect(() => parseFlowFile(text, 'tags.json')).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({
          code: 'flow.not_json',
          place: `tags.json:${line}:${column}`,
          hint: expect.stringContaining(hint),
          details: expect.objectContaining({ line, column }),
        }),
      }),
    )
  })

  test('a byte order mark is no error', () => {
    expect(parseFlowFile('\uFEFF{"a":1}', 'x')).toEqual({ a: 1 })
  })

  test('reads what JSON reads and gives a fault for everything else', () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .tuple(fc.json(), fc.nat(30), fc.constantFrom('', ',', '}', '"', '[', '\\'))
        .map(([json, at, part]) => json.slice(0, at) + part + json.slice(at + 1)),
    )
    fc.assert(
      fc.property(text, (source) => {
        const known = parseJson(source.startsWith('\uFEFF') ? source.slice(1) : source)
        if (known !== undefined) expect(parseFlowFile(source, 'x')).toEqual(known)
        else expect(() => parseFlowFile(source, 'x')).toThrow(Fault)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('printing', () => {
  test('what is printed reads back the same, with a line break at the end', () => {
    const text = printFlowFile(exampleFlow())
    expect(text.endsWith('}\n')).toBe(true)
    expect(FlowDefinition.parse(parseFlowFile(text, 'x'))).toEqual(exampleFlow())
  })

  test('the order in which members were set does not show', () => {
    const shuffled = JSON.parse(JSON.stringify(exampleFlow()), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value,
    )
    expect(printFlowFile(FlowDefinition.parse(shuffled))).toBe(printFlowFile(exampleFlow()))
  })

  test('one changed input changes few lines', () => {
    const before = printFlowFile(exampleFlow()).split('\n')
    const after = printFlowFile(
      applyEdit(exampleFlow(), { kind: 'set-input', stepId: 'book', input: 'id', mapping: { kind: 'formula', formula: 'trigger.id' } })
        .definition,
    ).split('\n')
    expect(after.filter((line, index) => line !== before[index])).toEqual(['          "formula": "trigger.id"'])
  })
})

describe('the published schema', () => {
  test('accepts what the flow schema accepts and names itself', () => {
    const schema = flowJsonSchema()
    expect(schema['$id']).toBe(FLOW_SCHEMA_ID)
    const reader = z.fromJSONSchema(schema)
    expect(reader.safeParse(JSON.parse(printFlowFile(exampleFlow()))).success).toBe(true)
    expect(reader.safeParse({ ...exampleFlow(), stepz: 1 }).success).toBe(false)
    expect(reader.safeParse({ ...exampleFlow(), format: 2 }).success).toBe(false)
  })
})

describe('formats', () => {
  test('today’s format stays as it is, a newer one is refused with advice', () => {
    expect(upgradeDefinition(exampleFlow())).toEqual(exampleFlow())
    expect(() => upgradeDefinition({ format: 2 })).toThrow(
      expect.objectContaining({ code: 'flow.newer_format', hint: expect.stringContaining('Upgrade') }),
    )
    for (const format of [0, -1, 1.5, '1', null])
      expect(() => upgradeDefinition({ format })).toThrow(expect.objectContaining({ code: 'flow.unknown_format' }))
    expect(upgradeDefinition('x')).toBe('x')
  })
})
