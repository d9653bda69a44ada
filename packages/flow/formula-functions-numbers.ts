import { userFault } from '@couplet/core'
import type { FormulaFunction } from './formula-functions.ts'
import { type Arguments, kindWord } from './formula-values.ts'

const one = { min: 1, max: 1 }
const NUMBER_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

/** The number a text stands for: `1250.50`, ` 12 `, `1e3`. `undefined` when it is not one: "12 EUR", "1,5", "". */
function numberOfText(text: string): number | undefined {
  const trimmed = text.trim()
  if (!NUMBER_TEXT.test(trimmed)) return undefined
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : undefined
}

function toNumber(v: Arguments, name: string): number {
  const value = v.any(0)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const number = typeof value === 'string' ? numberOfText(value) : undefined
  if (number !== undefined) return number
  throw userFault({
    code: 'formula.not_a_number',
    message: `${name}() cannot read ${typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : kindWord(value)} as a number.`,
    hint: 'Remove currency signs and thousands separators first, for example number(replace(price, ",", "")).',
  })
}

/** Half away from zero on the decimal digits as written, so that round(1.005, 2) is 1.01 and not 1. */
function roundTo(number: number, digits: number): number {
  const places = Math.min(15, Math.max(0, Math.trunc(digits)))
  if (!Number.isFinite(number) || Math.abs(number) >= 1e15) return number
  const [mantissa = '0', exponent = '0'] = Math.abs(number).toString().split('e')
  const scaled = Math.round(Number(`${mantissa}e${Number(exponent) + places}`))
  const [head = '0', scaledExponent = '0'] = scaled.toString().split('e')
  const rounded = Number(`${head}e${Number(scaledExponent) - places}`)
  return number < 0 && rounded !== 0 ? -rounded : rounded
}

function formatNumber(v: Arguments): string {
  const digits = v.count > 1 ? Math.min(10, Math.max(0, Math.trunc(v.number(1)))) : 0
  const language = v.count > 2 ? v.text(2) : 'en-GB'
  try {
    return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      roundTo(v.number(0), digits),
    )
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw userFault(
      {
        code: 'formula.unknown_language',
        message: `"${language}" is not a language code.`,
        hint: 'Use a code such as en-GB, de or fr-FR.',
      },
      error,
    )
  }
}

export const NUMBER_FUNCTIONS: readonly FormulaFunction[] = [
  {
    name: 'number',
    group: 'numbers',
    title: 'As number',
    signature: 'number(text)',
    words: 'The number that a text stands for; a fault when it is none.',
    example: { formula: 'number("12.5") + 1', result: 13.5 },
    values: one,
    result: 'number',
    call: (v) => toNumber(v, 'number'),
  },
  {
    name: 'double',
    group: 'numbers',
    title: 'As number (CEL name)',
    signature: 'double(value)',
    words: 'The same as number(value).',
    example: { formula: 'double("2")', result: 2 },
    values: one,
    result: 'number',
    call: (v) => toNumber(v, 'double'),
  },
  {
    name: 'int',
    group: 'numbers',
    title: 'As whole number',
    signature: 'int(value)',
    words: 'The number without its fraction.',
    example: { formula: 'int("12.9")', result: 12 },
    values: one,
    result: 'number',
    call: (v) => Math.trunc(toNumber(v, 'int')),
  },
  {
    name: 'round',
    group: 'numbers',
    title: 'Rounded',
    signature: 'round(number, digits)',
    words: 'Rounded to this many digits after the point; without digits to a whole number.',
    example: { formula: 'round(1.005, 2)', result: 1.01 },
    values: { min: 1, max: 2 },
    result: 'number',
    call: (v) => roundTo(v.number(0), v.count > 1 ? v.number(1) : 0),
  },
  {
    name: 'floor',
    group: 'numbers',
    title: 'Rounded down',
    signature: 'floor(number)',
    words: 'The next whole number below.',
    example: { formula: 'floor(1.9)', result: 1 },
    values: one,
    result: 'number',
    call: (v) => Math.floor(v.number(0)),
  },
  {
    name: 'ceil',
    group: 'numbers',
    title: 'Rounded up',
    signature: 'ceil(number)',
    words: 'The next whole number above.',
    example: { formula: 'ceil(1.1)', result: 2 },
    values: one,
    result: 'number',
    call: (v) => Math.ceil(v.number(0)),
  },
  {
    name: 'abs',
    group: 'numbers',
    title: 'Without sign',
    signature: 'abs(number)',
    words: 'The number without its minus sign.',
    example: { formula: 'abs(-3)', result: 3 },
    values: one,
    result: 'number',
    call: (v) => Math.abs(v.number(0)),
  },
  {
    name: 'formatNumber',
    group: 'numbers',
    title: 'Written for people',
    signature: 'formatNumber(number, digits, language)',
    words: 'With thousands separators and this many digits after the point; the language (en-GB unless given) decides the signs.',
    example: { formula: 'formatNumber(1234.5, 2)', result: '1,234.50' },
    values: { min: 1, max: 3 },
    result: 'text',
    call: formatNumber,
  },
]
