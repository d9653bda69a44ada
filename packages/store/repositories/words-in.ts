const WORD = /[\p{L}\p{N}]+/gu
/** Of what is longer (a file in text form, say) the beginning counts. */
const WORD_CHARS_MAX = 60

/** What a text is found by: its letters and digits, in lower case, each word once. */
export function wordsIn(text: string): string[] {
  const words = text.toLowerCase().match(WORD) ?? []
  return [...new Set(words.map((word) => word.slice(0, WORD_CHARS_MAX)))]
}
