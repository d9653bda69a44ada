import { canonicalJson, isJsonObject, type Json, userFault } from '@couplet/core'
import type { FormulaFunction } from './formula-functions.ts'
import { type Arguments, boundedText, isList, LIST_ITEMS_MAX, plainText, tooLong } from './formula-values.ts'

const one = { min: 1, max: 1 }
const two = { min: 2, max: 2 }

/** Numbers before texts, numbers by size, texts by code unit: an order that is the same on every machine. */
function compare(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'number') return -1
  if (typeof right === 'number') return 1
  const [a, b] = [plainText(left), plainText(right)]
  if (a === b) return 0
  return a < b ? -1 : 1
}

const member = (item: Json, name: string): Json => (isJsonObject(item) && Object.hasOwn(item, name) ? (item[name] ?? null) : null)

function flatten(items: readonly Json[]): Json[] {
  const flat: Json[] = []
  for (const item of items) {
    if (isList(item)) for (const inner of item) flat.push(inner)
    else flat.push(item)
    if (flat.length > LIST_ITEMS_MAX) throw tooLong('flatten', flat.length, LIST_ITEMS_MAX)
  }
  return flat
}

function size(v: Arguments): number {
  const value = v.any(0)
  if (isList(value)) return value.length
  if (typeof value === 'string') return Array.from(value).length
  if (isJsonObject(value)) return Object.keys(value).length
  throw userFault({
    code: 'formula.wrong_value',
    message: 'size() needs a text, a list or an object.',
    hint: 'For a value that may be empty: size(fallback(value, [])).',
  })
}

function extreme(v: Arguments, name: string, pick: (left: number, right: number) => number): number {
  const numbers = v.count === 1 ? v.numbers(0) : Array.from({ length: v.count }, (_, position) => v.number(position))
  const [start, ...rest] = numbers
  if (start === undefined)
    throw userFault({
      code: 'formula.empty_list',
      message: `${name}() has no answer for an empty list.`,
      hint: `Test first: isEmpty(list) ? 0 : ${name}(list)`,
    })
  return rest.reduce((best, number) => pick(best, number), start)
}

function average(v: Arguments): number {
  const numbers = v.numbers(0)
  if (numbers.length === 0)
    throw userFault({
      code: 'formula.empty_list',
      message: 'average() has no answer for an empty list.',
      hint: 'Test first: isEmpty(list) ? 0 : average(list)',
    })
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function chunk(v: Arguments): Json {
  const items = v.list(0)
  const length = Math.trunc(v.number(1))
  if (length < 1)
    throw userFault({ code: 'formula.wrong_value', message: 'chunk() needs a length of 1 or more.', hint: 'For example chunk(list, 100).' })
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length))
}

function unique(items: readonly Json[]): Json[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = canonicalJson(item)
    return !seen.has(key) && seen.add(key)
  })
}

export const LIST_FUNCTIONS: readonly FormulaFunction[] = [
  {
    name: 'size',
    group: 'lists',
    title: 'How many',
    signature: 'size(list or text)',
    words: 'The number of items, characters or members.',
    example: { formula: 'size(["a", "b"]) == 2', result: true },
    values: one,
    result: 'number',
    call: size,
  },
  {
    name: 'first',
    group: 'lists',
    title: 'First item',
    signature: 'first(list)',
    words: 'The first item, or null when the list is empty.',
    example: { formula: 'first(["a", "b"])', result: 'a' },
    values: one,
    result: 'item',
    call: (v) => v.list(0)[0] ?? null,
  },
  {
    name: 'last',
    group: 'lists',
    title: 'Last item',
    signature: 'last(list)',
    words: 'The last item, or null when the list is empty.',
    example: { formula: 'last(["a", "b"])', result: 'b' },
    values: one,
    result: 'item',
    call: (v) => v.list(0).at(-1) ?? null,
  },
  {
    name: 'at',
    group: 'lists',
    title: 'Item at a position',
    signature: 'at(list, position)',
    words: 'The item at this position (0 is the first, -1 the last), or null.',
    example: { formula: 'at(["a", "b"], 1)', result: 'b' },
    values: two,
    result: 'item',
    call: (v) => v.list(0).at(v.number(1)) ?? null,
  },
  {
    name: 'take',
    group: 'lists',
    title: 'First items',
    signature: 'take(list, n)',
    words: 'At most the first n items.',
    example: { formula: 'take([1, 2, 3], 2)', result: [1, 2] },
    values: two,
    result: 'same',
    call: (v) => (isList(v.any(0)) ? takeAny(v) : v.list(0)),
  },
  {
    name: 'unique',
    group: 'lists',
    title: 'Without repeats',
    signature: 'unique(list)',
    words: 'Each value once, in the order of first appearance.',
    example: { formula: 'unique(["a", "b", "a"])', result: ['a', 'b'] },
    values: one,
    result: 'same',
    call: (v) => unique(v.list(0)),
  },
  {
    name: 'sort',
    group: 'lists',
    title: 'Sorted',
    signature: 'sort(list)',
    words: 'From small to large; numbers by size, texts by letter.',
    example: { formula: 'sort([3, 1, 2])', result: [1, 2, 3] },
    values: one,
    result: 'same',
    call: (v) => v.list(0).toSorted(compare),
  },
  {
    name: 'sortBy',
    group: 'lists',
    title: 'Sorted by a member',
    signature: 'sortBy(list, "member")',
    words: 'Objects from small to large by one of their members.',
    example: { formula: 'sortBy([{"n": 2}, {"n": 1}], "n")', result: [{ n: 1 }, { n: 2 }] },
    values: two,
    result: 'same',
    call: (v) => v.list(0).toSorted((a, b) => compare(member(a, v.text(1)), member(b, v.text(1)))),
  },
  {
    name: 'reverse',
    group: 'lists',
    title: 'Backwards',
    signature: 'reverse(list)',
    words: 'The items in the opposite order.',
    example: { formula: 'reverse([1, 2])', result: [2, 1] },
    values: one,
    result: 'same',
    call: (v) => v.list(0).toReversed(),
  },
  {
    name: 'pluck',
    group: 'lists',
    title: 'One member of each',
    signature: 'pluck(list, "member")',
    words: 'The values of one member of every object; null where it is absent.',
    example: { formula: 'pluck([{"name": "a"}, {"name": "b"}], "name")', result: ['a', 'b'] },
    values: two,
    result: 'list',
    call: (v) => v.list(0).map((item) => member(item, v.text(1))),
  },
  {
    name: 'compact',
    group: 'lists',
    title: 'Without empty values',
    signature: 'compact(list)',
    words: 'The list without null and "".',
    example: { formula: 'compact(["a", "", null])', result: ['a'] },
    values: one,
    result: 'same',
    call: (v) => v.list(0).filter((item) => item !== null && item !== ''),
  },
  {
    name: 'flatten',
    group: 'lists',
    title: 'Lists in one list',
    signature: 'flatten(list)',
    words: 'Items that are lists are replaced by their items, one level.',
    example: { formula: 'flatten([[1], [2, 3]])', result: [1, 2, 3] },
    values: one,
    result: 'list',
    call: (v) => flatten(v.list(0)),
  },
  {
    name: 'chunk',
    group: 'lists',
    title: 'In portions',
    signature: 'chunk(list, length)',
    words: 'Lists of at most this many items each.',
    example: { formula: 'chunk([1, 2, 3], 2)', result: [[1, 2], [3]] },
    values: two,
    result: 'list',
    call: chunk,
  },
  {
    name: 'join',
    group: 'lists',
    title: 'Join to a text',
    signature: 'join(list, separator)',
    words: 'The items as one text with the separator between.',
    example: { formula: 'join(["a", "b"], ", ")', result: 'a, b' },
    values: { min: 1, max: 2 },
    result: 'text',
    call: (v) => boundedText(v.texts(0).join(v.count > 1 ? v.text(1) : '')),
  },
  {
    name: 'sum',
    group: 'lists',
    title: 'Sum',
    signature: 'sum(list)',
    words: 'All numbers added; 0 for an empty list.',
    example: { formula: 'sum([1, 2.5])', result: 3.5 },
    values: one,
    result: 'number',
    call: (v) => v.numbers(0).reduce((sum, number) => sum + number, 0),
  },
  {
    name: 'average',
    group: 'lists',
    title: 'Average',
    signature: 'average(list)',
    words: 'The mean of the numbers.',
    example: { formula: 'average([1, 2])', result: 1.5 },
    values: one,
    result: 'number',
    call: average,
  },
  {
    name: 'min',
    group: 'lists',
    title: 'Smallest',
    signature: 'min(list) or min(a, b)',
    words: 'The smallest number.',
    example: { formula: 'min([3, 1])', result: 1 },
    values: { min: 1, max: 4 },
    result: 'number',
    call: (v) => extreme(v, 'min', Math.min),
  },
  {
    name: 'max',
    group: 'lists',
    title: 'Largest',
    signature: 'max(list) or max(a, b)',
    words: 'The largest number.',
    example: { formula: 'max(3, 1)', result: 3 },
    values: { min: 1, max: 4 },
    result: 'number',
    call: (v) => extreme(v, 'max', Math.max),
  },
]

/** Works on a list of any length, because it is how a long list is made short enough for the other functions. */
function takeAny(v: Arguments): Json {
  const value = v.any(0)
  return isList(value) ? value.slice(0, Math.max(0, Math.trunc(v.number(1)))) : []
}
