import { isJsonObject, type Json, userFault } from '@couplet/core'
import { isoToMs } from './formula-functions-dates.ts'
import { plainText } from './formula-values.ts'
import { nearest } from './nearest.ts'
import { acceptsNull, alternatives, mayBeEmpty, type Member, typeOfValue, typeWords, type ValueType, withoutEmpty } from './value-type.ts'

/**
 * The one table of conversions between what a mapping gives and what a field takes. The check before publishing (`fit`) and
 * the run (`convertValue`) both read it, so that what was promised is what happens.
 *
 * | gives \ takes | text                | number            | yes or no |
 * | text          | as it is            | refused: number() | refused: bool() |
 * | number        | written out, noted  | as it is          | refused   |
 * | yes or no     | written out, noted  | refused           | as it is  |
 *
 * Lists and objects are never converted: whether a list means "joined" or "first" only a person knows.
 */
const AUTOMATIC: Readonly<Record<string, string>> = {
  'number>text': 'The number is written out as a text.',
  'yes-no>text': 'Yes or no becomes the text "true" or "false".',
}

/** How well a type fits: `converted` = by the table, `may-not-fit` = decided by the value, `mismatch` = cannot work. */
export type Fit = { verdict: 'fits' | 'converted' | 'may-not-fit' | 'mismatch'; words?: string; hint?: string }

const FITS: Fit = { verdict: 'fits' }
const ORDER: Record<Fit['verdict'], number> = { fits: 0, converted: 1, 'may-not-fit': 2, mismatch: 3 }
const better = (left: Fit, right: Fit): Fit =>
  ORDER[left.verdict] < ORDER[right.verdict] || (left.verdict === right.verdict && (left.hint ?? left.words) !== undefined) ? left : right

const mismatchHint = (source: ValueType, target: ValueType): string => {
  if (source.kind === 'text' && target.kind === 'number') return 'Convert it with a formula: number(…).'
  if (source.kind === 'text' && target.kind === 'yes-no') return 'Convert it with a formula: bool(…), or compare: … == "yes".'
  if (source.kind === 'text' && target.kind === 'list') return 'Make a list of it: use a list value, or split(…, ",") in a formula.'
  if (source.kind === 'list' && target.kind === 'text')
    return 'Join the items with a formula: join(…, ", "), or use the field as text with parts.'
  if (source.kind === 'list') return 'Use a for-each step to work on the items one by one, or first(…) for the first one.'
  if (source.kind === 'object') return 'Choose one of the members of this object.'
  return 'Choose another value, or convert it with a formula.'
}

/** Whether a value of type `source` can go where `target` is wanted. Emptiness is not looked at: see `mayBeEmpty`. */
export function fit(source: ValueType, target: ValueType): Fit {
  const given = withoutEmpty(source)
  const fits = alternatives(given).map((part) =>
    alternatives(target)
      .map((wanted) => fitOne(part, wanted))
      .reduce(better, { verdict: 'mismatch' }),
  )
  const worst = fits.reduce((left, right) => (ORDER[left.verdict] >= ORDER[right.verdict] ? left : right), FITS)
  if (worst.verdict !== 'mismatch') return worst
  if (fits.some(({ verdict }) => verdict !== 'mismatch'))
    return {
      verdict: 'may-not-fit',
      words: `It is ${typeWords(given)}, but ${typeWords(target)} is needed.`,
      ...(worst.hint ? { hint: worst.hint } : {}),
    }
  return {
    verdict: 'mismatch',
    words: `It is ${typeWords(given)}, but ${typeWords(withoutEmpty(target))} is needed.`,
    hint: worst.hint ?? mismatchHint(alternatives(given)[0] ?? given, withoutEmpty(target)),
  }
}

function fitOne(source: ValueType, target: ValueType): Fit {
  if (source.kind === 'any' || target.kind === 'any') return FITS
  if (source.kind === 'text' && target.kind === 'text') return fitTexts(source, target)
  if (source.kind === 'number' && target.kind === 'number')
    return target.whole && source.values?.some((value) => !Number.isInteger(value)) ? { verdict: 'mismatch' } : FITS
  if (source.kind === 'list' && target.kind === 'list')
    return inner(fit(source.items, target.items), 'Items of the list: ', mayBeEmpty(source.items) && !acceptsNull(target.items))
  if (source.kind === 'object' && target.kind === 'object') return fitObjects(source, target)
  if (source.kind === target.kind) return FITS
  const words = AUTOMATIC[`${source.kind}>${target.kind}`]
  return words !== undefined && !(target.kind === 'text' && target.values)
    ? { verdict: 'converted', words }
    : { verdict: 'mismatch', hint: mismatchHint(source, target) }
}

function inner(found: Fit, prefix: string, empty: boolean): Fit {
  if (empty && (found.verdict === 'fits' || found.verdict === 'converted'))
    return { verdict: 'may-not-fit', words: `${prefix}it may be empty.` }
  if (found.verdict === 'fits') return FITS
  return { ...found, ...(found.words ? { words: `${prefix}${found.words}` } : {}) }
}

function mistyped(given: readonly string[], allowed: readonly string[]): Fit {
  const near = given.length === 1 && given[0] !== undefined ? nearest(given[0], allowed) : undefined
  return { verdict: 'mismatch', hint: near === undefined ? `Choose one of ${allowed.slice(0, 12).join(', ')}.` : `Did you mean "${near}"?` }
}

function fitTexts(source: ValueType & { kind: 'text' }, target: ValueType & { kind: 'text' }): Fit {
  if (target.values) {
    const allowed = new Set(target.values)
    if (!source.values) return { verdict: 'may-not-fit', words: `Only ${typeWords(target)} is accepted here; the text may be another.` }
    const outside = source.values.filter((value) => !allowed.has(value))
    if (outside.length === source.values.length) return mistyped(source.values, target.values)
    return outside.length > 0 ? { verdict: 'may-not-fit', words: `Only ${typeWords(target)} is accepted here.` } : FITS
  }
  const wantsDate = target.format === 'date-time' || target.format === 'date'
  if (wantsDate && source.values?.some((value) => isoToMs(value) === undefined))
    return { verdict: 'mismatch', hint: 'Dates look like 2026-11-21T09:30:00Z.' }
  return FITS
}

function fitObjects(source: ValueType & { kind: 'object' }, target: ValueType & { kind: 'object' }): Fit {
  let worst: Fit = FITS
  const note = (found: Fit) => {
    if (ORDER[found.verdict] > ORDER[worst.verdict]) worst = found
  }
  for (const [name, member] of target.members) {
    const given = source.members.get(name) ?? (source.rest ? { type: source.rest, optional: true } : undefined)
    if (!given) {
      if (!member.optional)
        note({ verdict: 'mismatch', words: `The member "${name}" is missing.`, hint: 'Build the object member by member.' })
    } else note(fitMember(name, given, member))
  }
  return worst
}

function fitMember(name: string, given: Member, wanted: Member): Fit {
  if (given.optional && !wanted.optional) return { verdict: 'may-not-fit', words: `The member "${name}" may be absent.` }
  return inner(fit(given.type, wanted.type), `Member "${name}": `, mayBeEmpty(given.type) && !acceptsNull(wanted.type) && !wanted.optional)
}

/**
 * A value made ready for a field of type `target`, by the table above; what the table does not name stays as it is and is left
 * to the operation's own schema. Null for a field that takes no null is left out (`undefined`).
 * Throws a user fault `mapping.mismatch` for a text where a number or yes/no is needed.
 */
export function convertValue(value: Json | undefined, target: ValueType): Json | undefined {
  if (value === undefined) return undefined
  if (value === null) return acceptsNull(target) ? null : undefined
  const wanted = alternatives(target).filter((part) => part.kind !== 'null' && part.kind !== 'absent')
  if (wanted.length === 0 || wanted.some((part) => part.kind === 'any' || part.kind === kindOf(value))) return convertInner(value, wanted)
  if (typeof value !== 'object' && typeof value !== 'string' && wanted.some((part) => part.kind === 'text' && !part.values))
    return plainText(value)
  const mismatch = fit(typeOfValue(value), target)
  throw userFault({
    code: 'mapping.mismatch',
    message: mismatch.words ?? `${typeWords(target)} is needed.`,
    ...(mismatch.hint ? { hint: mismatch.hint } : {}),
  })
}

function kindOf(value: Json): 'text' | 'number' | 'yes-no' | 'list' | 'object' {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'yes-no'
  return Array.isArray(value) ? 'list' : 'object'
}

function convertInner(value: Json, wanted: readonly ValueType[]): Json {
  const list = wanted.filter((part) => part.kind === 'list')
  const object = wanted.filter((part) => part.kind === 'object')
  if (isList(value))
    return list.length === 1 && list[0] ? value.map((item) => convertValue(item, list[0]?.items ?? { kind: 'any' }) ?? null) : value
  if (isJsonObject(value) && object.length === 1 && object[0]) return convertMembers(value, object[0])
  return value
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

function convertMembers(value: { readonly [name: string]: Json }, target: ValueType & { kind: 'object' }): Json {
  const members: [string, Json][] = []
  for (const [name, member] of Object.entries(value)) {
    const wanted = target.members.get(name)?.type ?? target.rest
    const converted = wanted ? convertValue(member, wanted) : member
    if (converted !== undefined) members.push([name, converted])
  }
  return Object.fromEntries(members)
}
