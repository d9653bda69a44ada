/*
 * Validation texts name the member first or after "property" (texts REPORTED): `skip must be a number string`,
 * `property locationId should not exist`, `media.0.Invalid media format type`, `each value in accountIds must be a string`.
 */
const PATTERNS = [
  /^property ([\w.[\]]+) should not exist/i,
  /^each value in ([\w.]+) /i,
  /^([\w]+(?:\.\w+)*?)\.[A-Z]/,
  /^([a-z_]\w*(?:\.\w+)*) (?:must|should|is|has|cannot|can not|needs|are)\b/,
]

/** The input field a validation line is about, as `media[0].type`; `undefined` when the line names none. */
export function fieldOf(line: string): string | undefined {
  for (const pattern of PATTERNS) {
    const named = pattern.exec(line)?.[1]
    if (named) return named.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')
  }
  return undefined
}
