import { cutText, type Json, userFault } from '@couplet/core'
import { Optional } from '@marcbachmann/cel-js'

/**
 * What goes into and comes out of formula functions. Every reader throws a `Fault` that names the function and says in plain
 * words what was expected, so that the person who wrote the formula can act on it.
 */

/** Longest text a formula may give, in UTF-16 units. */
export const TEXT_CHARS_MAX = 200_000
/** Longest list a list function accepts. */
export const LIST_ITEMS_MAX = 10_000
/** Longest list `map`, `filter`, `all`, `exists` and `exists_one` accept. */
export const MACRO_ITEMS_MAX = 1_000
/** Work one evaluation may do: one unit per list item visited, per function called and per 64 characters of text read. */
const WORK_MAX = 1_000_000

/*
 * Evaluation is synchronous and never re-enters itself, so one counter serves; it is set back before each evaluation.
 */
let workLeft = WORK_MAX

export const resetWork = (): void => {
  workLeft = WORK_MAX
}

export function chargeWork(units: number): void {
  workLeft -= units
  if (workLeft < 0)
    throw userFault({
      code: 'formula.too_much_work',
      message: 'The formula does too much work: it visits too many values.',
      hint: 'Work on a shorter list, or split the formula over two steps.',
    })
}

/** How a value is called in messages. */
export function kindWord(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (empty)'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  if (typeof value === 'boolean') return 'yes or no'
  if (Array.isArray(value)) return 'a list'
  return 'an object'
}

const wrongValue = (name: string, position: number, wanted: string, value: unknown) =>
  userFault({
    code: 'formula.wrong_value',
    message: `${name}() needs ${wanted} as its ${['first', 'second', 'third', 'fourth'][position] ?? `${position + 1}th`} value, but got ${kindWord(value)}${
      typeof value === 'string' || typeof value === 'number' ? `: ${cutText(JSON.stringify(value), 60)}` : ''
    }.`,
    hint:
      value === null || value === undefined
        ? 'Give a value for the case that it is empty: fallback(value, "…").'
        : `Change the value, or convert it first with text(…), number(…) or parseJson(…).`,
  })

/** The arguments of one call, read one by one. */
export type Arguments = {
  readonly count: number
  any(position: number): Json
  text(position: number): string
  number(position: number): number
  list(position: number): readonly Json[]
  texts(position: number): readonly string[]
  numbers(position: number): readonly number[]
}

export function argumentsOf(name: string, values: readonly Json[]): Arguments {
  const any = (position: number): Json => values[position] ?? null
  const text = (position: number): string => {
    const value = any(position)
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return plainText(value)
    throw wrongValue(name, position, 'a text', value)
  }
  const list = (position: number): readonly Json[] => {
    const value = any(position)
    if (!isList(value)) throw wrongValue(name, position, 'a list', value)
    if (value.length > LIST_ITEMS_MAX) throw tooLong(name, value.length, LIST_ITEMS_MAX)
    return value
  }
  return {
    count: values.length,
    any,
    text,
    number: (position) => {
      const value = any(position)
      if (typeof value !== 'number') throw wrongValue(name, position, 'a number', value)
      return value
    },
    list,
    texts: (position) => list(position).map(plainText),
    numbers: (position) =>
      list(position).map((item) => {
        if (typeof item !== 'number') throw wrongValue(name, position, 'a list of numbers', item)
        return item
      }),
  }
}

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value)

export const tooLong = (name: string, length: number, max: number) =>
  userFault({
    code: 'formula.list_too_long',
    message: `${name} cannot work on a list of ${length} items: at most ${max} are allowed.`,
    hint: 'Shorten the list first with take(list, n), or use a for-each step.',
  })

/** A text that is short enough to be a result; a fault otherwise. */
export function boundedText(text: string): string {
  if (text.length > TEXT_CHARS_MAX)
    throw userFault({
      code: 'formula.text_too_long',
      message: `The formula makes a text of ${text.length} characters: at most ${TEXT_CHARS_MAX} are allowed.`,
      hint: 'Shorten it with cut(text, n).',
    })
  return text
}

/** How a value reads inside a text: numbers without exponent noise, lists joined with a comma, objects as JSON, nothing as "". */
export function plainText(value: Json | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (isList(value)) return boundedText(value.map(plainText).join(', '))
  return boundedText(JSON.stringify(value))
}

const DEPTH_MAX = 60

/** A CEL value as JSON: BigInt becomes a number, an optional its value or null; what JSON cannot hold is a fault. */
export function toJsonValue(value: unknown, depth = 0): Json {
  if (depth > DEPTH_MAX)
    throw userFault({
      code: 'formula.too_deep',
      message: 'The result of the formula is nested too deeply.',
      hint: 'Use only the part you need.',
    })
  switch (typeof value) {
    case 'string':
      return boundedText(value)
    case 'boolean':
      return value
    case 'bigint':
      return Number(value)
    case 'number':
      if (Number.isFinite(value)) return value
      throw userFault({
        code: 'formula.not_a_number',
        message: 'The formula does not give a number, most likely because it divides by zero.',
        hint: 'Guard the division: n == 0 ? 0 : a / n.',
      })
    case 'undefined':
      return null
    case 'object': {
      if (value === null) return null
      if (Array.isArray(value)) return value.map((item) => toJsonValue(item, depth + 1))
      if (value instanceof Optional) return value.hasValue() ? toJsonValue(value.value(), depth + 1) : null
      if (value instanceof Map) return toJsonValue(Object.fromEntries(value), depth)
      const prototype: unknown = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== null) break
      return Object.fromEntries(Object.entries(value).map(([key, member]: [string, unknown]) => [key, toJsonValue(member, depth + 1)]))
    }
    default:
  }
  throw userFault({
    code: 'formula.not_a_value',
    message: 'The formula does not give a value that can be used: it names a type or a function.',
    hint: 'Name a field instead, for example trigger.name.',
  })
}
