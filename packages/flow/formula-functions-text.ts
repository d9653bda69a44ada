import type { FormulaFunction } from './formula-functions.ts'
import { userFault } from '@couplet/core'
import { boundedText, plainText, TEXT_CHARS_MAX } from './formula-values.ts'
import { regexFinds, regexFirst, regexReplaceAll } from './safe-regex.ts'

const one = { min: 1, max: 1 }
const two = { min: 2, max: 2 }

/** Whole characters (code points), so that an emoji is never cut in half. */
const characters = (text: string): string[] => Array.from(text)

function pad(text: string, length: number, filler: string): string {
  const missing = Math.trunc(length) - characters(text).length
  if (missing <= 0 || filler === '') return ''
  if (missing > TEXT_CHARS_MAX) return boundedText('x'.repeat(TEXT_CHARS_MAX + 1))
  const fill = characters(filler)
  return Array.from({ length: missing }, (_, index) => fill[index % fill.length] ?? '').join('')
}

function replaceAll(text: string, search: string, replacement: string): string {
  if (search === '') return text
  const parts = text.split(search)
  const length = text.length + (parts.length - 1) * (replacement.length - search.length)
  if (length > TEXT_CHARS_MAX)
    throw userFault({
      code: 'formula.text_too_long',
      message: `replace() would make a text of ${length} characters: at most ${TEXT_CHARS_MAX} are allowed.`,
      hint: 'Shorten the text first with cut(text, n).',
    })
  return parts.join(replacement)
}

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')

export const TEXT_FUNCTIONS: readonly FormulaFunction[] = [
  {
    name: 'text',
    group: 'text',
    title: 'As text',
    signature: 'text(value)',
    words: 'Any value as text. Lists are joined with ", ", objects become JSON, nothing becomes "".',
    example: { formula: 'text([1, 2])', result: '1, 2' },
    values: one,
    result: 'text',
    call: (v) => plainText(v.any(0)),
  },
  {
    name: 'string',
    group: 'text',
    title: 'As text (CEL name)',
    signature: 'string(value)',
    words: 'The same as text(value).',
    example: { formula: 'string(3)', result: '3' },
    values: one,
    result: 'text',
    call: (v) => plainText(v.any(0)),
  },
  {
    name: 'upper',
    group: 'text',
    title: 'Capital letters',
    signature: 'upper(text)',
    words: 'All letters as capitals.',
    example: { formula: 'upper("Ada")', result: 'ADA' },
    values: one,
    result: 'text',
    call: (v) => v.text(0).toUpperCase(),
  },
  {
    name: 'lower',
    group: 'text',
    title: 'Small letters',
    signature: 'lower(text)',
    words: 'All letters as small letters.',
    example: { formula: 'lower("Ada")', result: 'ada' },
    values: one,
    result: 'text',
    call: (v) => v.text(0).toLowerCase(),
  },
  {
    name: 'capitalize',
    group: 'text',
    title: 'First letter as capital',
    signature: 'capitalize(text)',
    words: 'The first letter as a capital, the rest as it is.',
    example: { formula: 'capitalize("spring sale")', result: 'Spring sale' },
    values: one,
    result: 'text',
    call: (v) => {
      const [head = '', ...rest] = characters(v.text(0))
      return head.toUpperCase() + rest.join('')
    },
  },
  {
    name: 'trim',
    group: 'text',
    title: 'Remove spaces around',
    signature: 'trim(text)',
    words: 'Spaces and line breaks at both ends removed.',
    example: { formula: 'trim("  a b ")', result: 'a b' },
    values: one,
    result: 'text',
    call: (v) => v.text(0).trim(),
  },
  {
    name: 'replace',
    group: 'text',
    title: 'Replace',
    signature: 'replace(text, search, replacement)',
    words: 'Every occurrence replaced, exactly as written.',
    example: { formula: 'replace("a,b", ",", " ")', result: 'a b' },
    values: { min: 3, max: 3 },
    result: 'text',
    call: (v) => replaceAll(v.text(0), v.text(1), v.text(2)),
  },
  {
    name: 'split',
    group: 'text',
    title: 'Split into a list',
    signature: 'split(text, separator)',
    words: 'The parts between the separators; spaces around the parts are kept.',
    example: { formula: 'split("a,b", ",")', result: ['a', 'b'] },
    values: two,
    result: 'texts',
    call: (v) => (v.text(0) === '' ? [] : v.text(0).split(v.text(1))),
  },
  {
    name: 'contains',
    group: 'text',
    title: 'Contains',
    signature: 'contains(text or list, value)',
    words: 'True when the text contains the other text, or the list contains the value.',
    example: { formula: 'contains("spring sale", "sale")', result: true },
    values: two,
    result: 'yes-no',
    call: (v) => (Array.isArray(v.any(0)) ? v.list(0).some((item) => item === v.any(1)) : v.text(0).includes(v.text(1))),
  },
  {
    name: 'startsWith',
    group: 'text',
    title: 'Starts with',
    signature: 'startsWith(text, start)',
    words: 'True when the text starts with the other text.',
    example: { formula: 'startsWith("ghl:spring", "ghl:")', result: true },
    values: two,
    result: 'yes-no',
    call: (v) => v.text(0).startsWith(v.text(1)),
  },
  {
    name: 'endsWith',
    group: 'text',
    title: 'Ends with',
    signature: 'endsWith(text, end)',
    words: 'True when the text ends with the other text.',
    example: { formula: 'endsWith("a.pdf", ".pdf")', result: true },
    values: two,
    result: 'yes-no',
    call: (v) => v.text(0).endsWith(v.text(1)),
  },
  {
    name: 'cut',
    group: 'text',
    title: 'Cut to a length',
    signature: 'cut(text, length)',
    words: 'At most this many characters from the start.',
    example: { formula: 'cut("spring sale", 6)', result: 'spring' },
    values: two,
    result: 'text',
    call: (v) =>
      characters(v.text(0))
        .slice(0, Math.max(0, Math.trunc(v.number(1))))
        .join(''),
  },
  {
    name: 'substring',
    group: 'text',
    title: 'Part of a text',
    signature: 'substring(text, start, end)',
    words: 'The characters from position start (0 is the first) up to, not including, end. Without end: up to the last.',
    example: { formula: 'substring("spring", 1, 3)', result: 'pr' },
    values: { min: 2, max: 3 },
    result: 'text',
    call: (v) =>
      characters(v.text(0))
        .slice(Math.max(0, v.number(1)), v.count > 2 ? Math.max(0, v.number(2)) : undefined)
        .join(''),
  },
  {
    name: 'indexOf',
    group: 'text',
    title: 'Position of a text',
    signature: 'indexOf(text, search)',
    words: 'Where the other text starts (0 is the first character), or -1.',
    example: { formula: 'indexOf("spring", "ring")', result: 2 },
    values: two,
    result: 'number',
    call: (v) => v.text(0).indexOf(v.text(1)),
  },
  {
    name: 'padLeft',
    group: 'text',
    title: 'Fill on the left',
    signature: 'padLeft(text, length, filler)',
    words: 'Filled on the left until it has this many characters.',
    example: { formula: 'padLeft(7, 3, "0")', result: '007' },
    values: { min: 3, max: 3 },
    result: 'text',
    call: (v) => pad(v.text(0), v.number(1), v.text(2)) + v.text(0),
  },
  {
    name: 'padRight',
    group: 'text',
    title: 'Fill on the right',
    signature: 'padRight(text, length, filler)',
    words: 'Filled on the right until it has this many characters.',
    example: { formula: 'padRight("a", 3, ".")', result: 'a..' },
    values: { min: 3, max: 3 },
    result: 'text',
    call: (v) => v.text(0) + pad(v.text(0), v.number(1), v.text(2)),
  },
  {
    name: 'urlEncode',
    group: 'text',
    title: 'For a web address',
    signature: 'urlEncode(text)',
    words: 'Written so that it can be part of a web address.',
    example: { formula: 'urlEncode("a b&c")', result: 'a%20b%26c' },
    values: one,
    result: 'text',
    call: (v) => encodeURIComponent(v.text(0).toWellFormed()),
  },
  {
    name: 'slug',
    group: 'text',
    title: 'Short name for an address',
    signature: 'slug(text)',
    words: 'Small letters and digits with hyphens between, accents removed.',
    example: { formula: 'slug("Été à Paris!")', result: 'ete-a-paris' },
    values: one,
    result: 'text',
    call: (v) => slug(v.text(0)),
  },
  {
    name: 'regex',
    group: 'text',
    title: 'Matches a pattern',
    signature: 'regex(text, pattern)',
    words: 'True when the pattern (RE2 regular expression) is found anywhere in the text.',
    example: { formula: 'regex("INV-2041", "^INV-[0-9]+$")', result: true },
    values: two,
    result: 'yes-no',
    call: (v) => regexFinds(v.text(0), v.text(1)),
  },
  {
    name: 'regexReplace',
    group: 'text',
    title: 'Replace a pattern',
    signature: 'regexReplace(text, pattern, replacement)',
    words: 'Every match replaced; $1, $2 stand for the groups.',
    example: { formula: 'regexReplace("a1b22", "[0-9]+", "-")', result: 'a-b-' },
    values: { min: 3, max: 3 },
    result: 'text',
    call: (v) => regexReplaceAll(v.text(0), v.text(1), v.text(2)),
  },
  {
    name: 'regexFind',
    group: 'text',
    title: 'Find by a pattern',
    signature: 'regexFind(text, pattern)',
    words: 'The first match, or its first group; null when nothing matches.',
    example: { formula: 'regexFind("Order 2041 paid", "Order ([0-9]+)")', result: '2041' },
    values: two,
    result: 'any',
    call: (v) => regexFirst(v.text(0), v.text(1)) ?? null,
  },
]
