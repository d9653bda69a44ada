import { hash } from 'node:crypto'
import { plainText } from './json-text.ts'

/** An index entry of PostgreSQL must stay below 2.7 kB. */
const KEY_CHARS_MAX = 500

/** A fact's key as it is kept: as given, or its hash when it is long. The same key always gives the same text. */
export function factKey(key: string): string {
  const plain = plainText(key)
  return plain.length <= KEY_CHARS_MAX ? plain : `sha256:${hash('sha256', plain)}`
}
