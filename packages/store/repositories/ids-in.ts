/** Ids are parted by what stands between values in JSON, in addresses and in keys such as `contact:8Jk2`. */
const PART = /[^\s"/?&=#:,;{}[\]\\()<>]{3,120}/g
/** Words are no ids: an id has a digit, or is long. */
const WORD_CHARS_MAX = 15
/** Days, times of day and epoch times: every run has its own, and nobody looks for them. */
const TIME = /^(?:\d{4}-\d\d-\d\d(?:t\d\d)?|\d\d\.\d{1,9}z|1[4-9]\d{11})$/
/** A run that touches more things than this is found by the first of them. */
const IDS_MAX = 500

/** What may be an id in a text (usually JSON), each once, in lower case. */
export function idsIn(text: string): string[] {
  const found = new Set<string>()
  for (const [part] of text.toLowerCase().matchAll(PART)) {
    if ((part.length <= WORD_CHARS_MAX && !/\d/.test(part)) || TIME.test(part)) continue
    found.add(part)
    if (found.size === IDS_MAX) break
  }
  return [...found]
}
