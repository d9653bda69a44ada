import type { Json } from '@couplet/core'
import { DATA_FUNCTIONS } from './formula-functions-data.ts'
import { DATE_FUNCTIONS } from './formula-functions-dates.ts'
import { LIST_FUNCTIONS } from './formula-functions-lists.ts'
import { NUMBER_FUNCTIONS } from './formula-functions-numbers.ts'
import { TEXT_FUNCTIONS } from './formula-functions-text.ts'
import type { Arguments } from './formula-values.ts'

/** What a function gives back, as far as it is known without running it. `same` = the type of the first value. */
type FormulaResult = 'text' | 'number' | 'yes-no' | 'list' | 'texts' | 'object' | 'any' | 'same' | 'item'

/** One function of the formula language, as data: the builder shows it, the type check reads it, a test runs the example. */
export type FormulaFunction = {
  name: string
  group: 'text' | 'lists' | 'dates' | 'numbers' | 'data' | 'conditions'
  title: string
  /** How it is written, with readable names: `cut(text, length)`. */
  signature: string
  words: string
  example: { formula: string; result: Json; scope?: Record<string, Json> }
  /** Fewest and most values. The first may also be written before a dot: `name.upper()`. */
  values: { min: number; max: number }
  result: FormulaResult
  /** Absent for the macros, which see formulas instead of values. */
  call?: (values: Arguments) => Json
}

const MACROS: readonly FormulaFunction[] = [
  {
    name: 'fallback',
    group: 'conditions',
    title: 'Use another value when empty',
    signature: 'fallback(value, other)',
    words: 'Gives the first value, or the other one when the first is absent or null.',
    example: { formula: 'fallback(trigger.email, "none")', result: 'none', scope: { trigger: { name: 'Ada' } } },
    values: { min: 2, max: 2 },
    result: 'any',
  },
  {
    name: 'isEmpty',
    group: 'conditions',
    title: 'Is it empty?',
    signature: 'isEmpty(value)',
    words: 'True when the value is absent, null, "", an empty list or an empty object.',
    example: { formula: 'isEmpty(trigger.email)', result: true, scope: { trigger: { name: 'Ada' } } },
    values: { min: 1, max: 1 },
    result: 'yes-no',
  },
  {
    name: 'has',
    group: 'conditions',
    title: 'Is the member there?',
    signature: 'has(thing.member)',
    words: 'True when the object has the member, even when its value is null.',
    example: { formula: 'has(trigger.email)', result: false, scope: { trigger: { name: 'Ada' } } },
    values: { min: 1, max: 1 },
    result: 'yes-no',
  },
  {
    name: 'map',
    group: 'lists',
    title: 'Change every item',
    signature: 'list.map(item, formula)',
    words: 'A list with the formula worked out for every item. A second form filters first: list.map(item, condition, formula).',
    example: { formula: '[1, 2].map(n, n * 10)', result: [10, 20] },
    values: { min: 3, max: 4 },
    result: 'list',
  },
  {
    name: 'filter',
    group: 'lists',
    title: 'Keep some items',
    signature: 'list.filter(item, condition)',
    words: 'The items for which the condition is true.',
    example: { formula: '["a", "bb"].filter(t, size(t) > 1)', result: ['bb'] },
    values: { min: 3, max: 3 },
    result: 'same',
  },
  {
    name: 'all',
    group: 'lists',
    title: 'Is it true for all?',
    signature: 'list.all(item, condition)',
    words: 'True when the condition is true for every item.',
    example: { formula: '[1, 2].all(n, n > 0)', result: true },
    values: { min: 3, max: 3 },
    result: 'yes-no',
  },
  {
    name: 'exists',
    group: 'lists',
    title: 'Is it true for any?',
    signature: 'list.exists(item, condition)',
    words: 'True when the condition is true for at least one item.',
    example: { formula: '[1, 2].exists(n, n > 1)', result: true },
    values: { min: 3, max: 3 },
    result: 'yes-no',
  },
  {
    name: 'exists_one',
    group: 'lists',
    title: 'Is it true for exactly one?',
    signature: 'list.exists_one(item, condition)',
    words: 'True when the condition is true for exactly one item.',
    example: { formula: '[1, 2].exists_one(n, n > 1)', result: true },
    values: { min: 3, max: 3 },
    result: 'yes-no',
  },
]

/** Every function a formula may call, in the order the builder lists them. */
export const FORMULA_FUNCTIONS: readonly FormulaFunction[] = [
  ...MACROS,
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...DATA_FUNCTIONS,
]

export const FUNCTION_BY_NAME: ReadonlyMap<string, FormulaFunction> = new Map(FORMULA_FUNCTIONS.map((entry) => [entry.name, entry]))

/** Macros that visit the items of a list and bind a name to each. */
export const LIST_MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one'])
