/**
 * JSON as text that PostgreSQL's `jsonb` takes. It refuses the character U+0000 and halves of surrogate pairs, both of which vendors and
 * webhooks can send inside strings; one such value would fail the whole transaction, on every try. They become U+FFFD, the mark for "a
 * character that could not be kept".
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return /\\u(?:0000|d[89a-f])/.test(text) ? text.replaceAll(REFUSED, keepEscapedBackslash) : text
}

/** The same for a plain text parameter. */
export const plainText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD')

// `JSON.stringify` writes U+0000 and lone surrogates as these escapes and in no other way; an escaped backslash before "u0000" is text.
const REFUSED = /\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g
const keepEscapedBackslash = (found: string): string => (found === '\\\\' ? found : '\uFFFD')
