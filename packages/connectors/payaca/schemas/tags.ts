/** Payaca takes names of 1 to 30 characters (CONFIRMED). */
const TAG_NAME_MAX = 30

/**
 * A tag name Payaca takes for sure. The pattern of allowed characters is known only in part, so the safe subset is kept: letters,
 * digits, spaces and hyphens; others become a space. Cut at 30 without splitting a character. May be empty.
 */
export function tagName(wanted: string): string {
  const safe = wanted
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N} -]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  let cut = ''
  for (const character of safe) {
    if (cut.length + character.length > TAG_NAME_MAX) break
    cut += character
  }
  return cut.trim()
}

export type Renamed = { wanted: string; used: string }

/** Names as they will be at Payaca, each once, with what had to be changed. */
export function tagNames(wanted: readonly string[]): { names: string[]; renamed: Renamed[] } {
  const pairs = wanted.map((name) => ({ wanted: name, used: tagName(name) })).filter((pair) => pair.used !== '')
  return { names: [...new Set(pairs.map((pair) => pair.used))], renamed: pairs.filter((pair) => pair.used !== pair.wanted) }
}
