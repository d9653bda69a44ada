import { canonicalJson, type Json } from '@couplet/core'
import type { Mapping, Pill } from '@couplet/flow'

/**
 * Text with pills as one string: each pill is one character of the private use area, so that the caret walks over it, backspace
 * removes it, and copying inside the app keeps it. The same pill has the same character in every field.
 */
const FIRST = 0xe000
const LAST = 0xf8ff
const pills: Pill[] = []
const codes = new Map<string, number>()

export function charOfPill(pill: Pill): string {
  const key = canonicalJson(pill)
  let code = codes.get(key)
  if (code === undefined) {
    code = FIRST + (pills.length % (LAST - FIRST))
    pills[code - FIRST] = pill
    codes.set(key, code)
  }
  return String.fromCharCode(code)
}

export const pillOfChar = (char: string): Pill | undefined => pills[char.charCodeAt(0) - FIRST]

export const isPillChar = (char: string): boolean => {
  const code = char.charCodeAt(0)
  return code >= FIRST && code <= LAST
}

/** What an editor shows for a mapping that is text, a constant or a pill. */
export function docOf(mapping: Mapping | undefined): string {
  if (!mapping) return ''
  if (mapping.kind === 'pill') return charOfPill(mapping)
  if (mapping.kind === 'text') return mapping.parts.map((part) => (typeof part === 'string' ? part : charOfPill(part))).join('')
  if (mapping.kind !== 'value' || mapping.value === null) return ''
  return typeof mapping.value === 'string' ? mapping.value : JSON.stringify(mapping.value)
}

/** The mapping a text stands for; nothing for an empty one. `read` turns plain text into a constant of the field's type. */
export function mappingOf(doc: string, read: (text: string) => Json): Mapping | undefined {
  if (doc === '') return undefined
  const parts: (string | Pill)[] = []
  for (const char of doc) {
    const pill = isPillChar(char) ? pillOfChar(char) : undefined
    const last = parts.at(-1)
    if (pill) parts.push(pill)
    else if (typeof last === 'string') parts[parts.length - 1] = last + char
    else parts.push(char)
  }
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return typeof only === 'string' ? { kind: 'value', value: asConstant(read(only)) } : only
  return { kind: 'text', parts }
}

type Constant = Extract<Mapping, { kind: 'value' }>['value']
/** Both are JSON; one type is read-only. */
const asConstant = (value: Json): Constant => value as Constant
