import { randomBytes } from 'node:crypto'

/** Ids in the shapes HighLevel uses. A source gives numbers in [0, 1): `Math.random`-like for live rows, seeded for sample rows. */
type Source = () => number

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const live: Source = () => randomBytes(4).readUInt32BE() / 2 ** 32

const pickChars = (source: Source, alphabet: string, length: number): string => {
  let id = ''
  for (let at = 0; at < length; at++) id += alphabet.charAt(Math.floor(source() * alphabet.length))
  return id
}

/** 24 hex characters: planner tags, categories, posts, CSV imports, media, apps. */
export const objectId = (source?: Source): string => (source ? pickChars(source, '0123456789abcdef', 24) : randomBytes(12).toString('hex'))

/** 20 letters and digits: companies, locations, users, contacts, location tags. */
export const shortId = (source: Source = live): string => pickChars(source, LETTERS, 20)

/** A repeatable source of numbers from a word (mulberry32 over an FNV-1a hash). Not for secrets. */
export function seededSource(word: string): Source {
  let state = hash(word)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a, 32 bits. */
export function hash(word: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193)
  return value >>> 0
}
