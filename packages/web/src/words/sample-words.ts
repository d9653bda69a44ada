import { plural } from './times.ts'

const CHARS_MAX = 60

/** A value as a few words: long texts are cut, lists and objects counted. */
export function sampleWords(sample: unknown): string {
  if (sample === undefined) return 'no sample'
  if (sample === null) return 'empty'
  if (typeof sample === 'boolean') return sample ? 'yes' : 'no'
  if (Array.isArray(sample)) {
    const isShort = sample.length > 0 && sample.length <= 4 && sample.every((item) => typeof item === 'string' || typeof item === 'number')
    return isShort ? cut(sample.join(', ')) : plural(sample.length, 'item')
  }
  if (typeof sample === 'object') return plural(Object.keys(sample).length, 'member')
  const text = typeof sample === 'string' ? sample : JSON.stringify(sample)
  return text === '' ? 'empty text' : cut(text)
}

const cut = (text: string): string => (text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text)
