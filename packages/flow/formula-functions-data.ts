import { isJsonObject, parseJson, userFault } from '@couplet/core'
import type { FormulaFunction } from './formula-functions.ts'
import { type Arguments, boundedText, kindWord, toJsonValue } from './formula-values.ts'

const one = { min: 1, max: 1 }

function readJson(v: Arguments) {
  const parsed = parseJson(v.text(0))
  if (parsed === undefined)
    throw userFault({
      code: 'formula.not_json',
      message: 'parseJson() got a text that is not JSON.',
      hint: 'Look at the text in the data pane: JSON starts with { or [ and uses double quotes.',
    })
  return toJsonValue(parsed)
}

function objectOf(v: Arguments, name: string): Record<string, unknown> {
  const value = v.any(0)
  if (isJsonObject(value)) return value
  throw userFault({
    code: 'formula.wrong_value',
    message: `${name}() needs an object, but got ${kindWord(value)}.`,
    hint: `For a value that may be empty: ${name}(fallback(value, {})).`,
  })
}

function toYesNo(v: Arguments): boolean {
  const value = v.any(0)
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined
  if (word === 'true' || word === 'yes' || word === '1' || word === 'on') return true
  if (word === 'false' || word === 'no' || word === '0' || word === 'off' || word === '') return false
  throw userFault({
    code: 'formula.not_yes_no',
    message: `bool() cannot read ${typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : kindWord(value)} as yes or no.`,
    hint: 'It understands true, false, yes, no, on, off, 1 and 0.',
  })
}

export const DATA_FUNCTIONS: readonly FormulaFunction[] = [
  {
    name: 'toJson',
    group: 'data',
    title: 'As JSON text',
    signature: 'toJson(value)',
    words: 'The value written as JSON.',
    example: { formula: 'toJson({"a": 1})', result: '{"a":1}' },
    values: one,
    result: 'text',
    call: (v) => boundedText(JSON.stringify(v.any(0))),
  },
  {
    name: 'parseJson',
    group: 'data',
    title: 'Read JSON text',
    signature: 'parseJson(text)',
    words: 'The value that a JSON text stands for.',
    example: { formula: 'parseJson("[1, 2]")', result: [1, 2] },
    values: one,
    result: 'any',
    call: readJson,
  },
  {
    name: 'keys',
    group: 'data',
    title: 'Member names',
    signature: 'keys(object)',
    words: 'The names of all members, sorted.',
    example: { formula: 'keys({"b": 1, "a": 2})', result: ['a', 'b'] },
    values: one,
    result: 'texts',
    call: (v) => Object.keys(objectOf(v, 'keys')).toSorted(),
  },
  {
    name: 'values',
    group: 'data',
    title: 'Member values',
    signature: 'values(object)',
    words: 'The values of all members, in the order of their sorted names.',
    example: { formula: 'values({"b": 1, "a": 2})', result: [2, 1] },
    values: one,
    result: 'list',
    call: (v) =>
      Object.entries(objectOf(v, 'values'))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => toJsonValue(value)),
  },
  {
    name: 'bool',
    group: 'data',
    title: 'As yes or no',
    signature: 'bool(value)',
    words: 'True for true, yes, on and 1; false for false, no, off, 0 and "".',
    example: { formula: 'bool("yes")', result: true },
    values: one,
    result: 'yes-no',
    call: toYesNo,
  },
]
