import { isJsonObject, type Json } from '@couplet/core'

/*
 * Takes secrets out of what is about to be logged or kept in the journal. Three nets: the values of the secrets in use, in every form
 * they take on the wire; members whose name says that they hold a credential, whoever it belongs to; and our own addresses that end a wait.
 *
 * Invariant: what comes out holds no known secret, whole or cut. Cutting therefore happens here (`cut`), after replacing.
 */

export const HIDDEN = '[hidden]'

export type Redactor = {
  text(text: string): string
  /**
   * Any value as JSON without secrets; members that JSON has no form for are left out. Nested deeper than 60 levels it is cut.
   * `wire` is the text the value was read from, when there is one: it tells in one pass that no known secret is inside.
   */
  json(value: unknown, wire?: string): Json
  /** The value of a header: hidden when its name says that it holds a credential. */
  header(name: string, value: string): string
  /** The text without secrets, at most `charsMax` long, however long it was. */
  cut(text: string, charsMax: number): string
}

const DEPTH_MAX = 60
/** Shorter values are no secrets, and replacing them would tear up ordinary text. */
const SECRET_CHARS_MIN = 4
/** Below this, the fixed part of a base64 form is so short that it also occurs in ordinary text. */
const EMBEDDED_BYTES_MIN = 8

const CREDENTIAL_NAME =
  '(?:proxy[-_]?)?authorization|(?:set[-_]?)?cookie|[\\w-]*password|passwd|pwd|passphrase|[\\w-]*secret|(?:[\\w-]*[-_])?api[-_]?key|x[-_]?api[-_]?key|apikey|(?:access|refresh|id|auth|api|bearer|session|security)[-_]?token|token|(?:private|secret|signing|client)[-_]?key|credentials?'
const CREDENTIAL_MEMBER = new RegExp(`^(?:${CREDENTIAL_NAME})$`, 'i')
/** `name: value`, `name=value`, `"name": "value"` (also inside a JSON text that is itself a string). Groups: lead, value. */
const CREDENTIAL_IN_TEXT = new RegExp(
  `((?<![\\w-])(?:${CREDENTIAL_NAME})\\\\*["']?\\s*[:=]\\s*(?:(?:Bearer|Basic)\\s+)?)(\\\\*["'](?:[^"'\\\\]|\\\\(?!["'])[^])*|[^\\s"'&,;{}\\[\\]]+)`,
  'gi',
)
/** Who knows the address that ends a wait can end it. Slashes may be escaped or encoded. */
const RESUME = 'resume'
const RESUME_TOKEN = /(\bresume(?:\\*\/|%2F))[\w.-]+/gi
const SCHEME_IN_TEXT = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi
/** Cheap words of which one is in every text the two expressions above could match. */
const SEPARATOR = /[:=\s]/
const HINT = /auth|cookie|pass|pwd|secret|key|token|credential|bearer|basic/i

/**
 * Forms in which base64 shows a secret that begins at any place of what was encoded: `Basic` credentials, for one, encode the user's
 * name in front of it. The first and last characters depend on the neighbours and are left out.
 */
function embeddedBase64(bytes: Buffer): string[] {
  if (bytes.length < EMBEDDED_BYTES_MIN) return []
  const forms: string[] = []
  for (let offset = 0; offset < 3; offset++) {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const isEndFixed = (offset + bytes.length) % 3 === 0
    const form = encoded.slice(offset === 0 ? 0 : offset + 1, isEndFixed ? undefined : -1)
    forms.push(form, form.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const url = encodeURIComponent(secret)
  const inJson = JSON.stringify(secret).slice(1, -1)
  const base64 = bytes.toString('base64')
  return [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    inJson,
    inJson.replaceAll('/', '\\/'),
    JSON.stringify(inJson).slice(1, -1),
    base64,
    encodeURIComponent(base64),
    bytes.toString('base64url'),
    ...embeddedBase64(bytes),
  ]
}

/** Takes out what stands behind the name of a credential, or behind an authorization scheme. */
/** The text without the tokens of addresses that end waits. */
export const hideResumeTokens = (text: string): string => (text.includes(RESUME) ? text.replace(RESUME_TOKEN, `$1${HIDDEN}`) : text)

function hideNamed(text: string): string {
  const given = hideResumeTokens(text)
  if (!SEPARATOR.test(given) || !HINT.test(given)) return given
  return given
    .replace(CREDENTIAL_IN_TEXT, (_match, lead: string, value: string) => `${lead}${/^\\*["']/.exec(value)?.[0] ?? ''}${HIDDEN}`)
    .replace(SCHEME_IN_TEXT, (_match, scheme: string) => `${scheme} ${HIDDEN}`)
}

// Names repeat from call to call; the answer is kept because the expression is dearer than the look-up.
const namesSeen = new Map<string, boolean>()
const NAMES_SEEN_MAX = 2_000

function isCredentialName(name: string): boolean {
  const seen = namesSeen.get(name)
  if (seen !== undefined) return seen
  const found = CREDENTIAL_MEMBER.test(name)
  if (namesSeen.size >= NAMES_SEEN_MAX) namesSeen.clear()
  if (name.length <= 100) namesSeen.set(name, found)
  return found
}

function copyWith(clean: (text: string) => string, value: unknown, depth: number): Json {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return String(value)
  if (depth >= DEPTH_MAX) return '[nested too deep]'
  if (Array.isArray(value)) return value.map((item) => copyWith(clean, item, depth + 1))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (!isJsonObject(value)) return null
  const out: Record<string, Json> = {}
  for (const name of Object.keys(value)) {
    const member = value[name]
    if (member === undefined || typeof member === 'function') continue
    const isHidden = member !== null && typeof member !== 'boolean' && member !== '' && isCredentialName(name)
    const copy = isHidden ? HIDDEN : copyWith(clean, member, depth + 1)
    const key = clean(name)
    // Assigning to "__proto__" would set a prototype instead of a member.
    if (key === '__proto__') Object.defineProperty(out, key, { value: copy, enumerable: true, configurable: true, writable: true })
    else out[key] = copy
  }
  return out
}

/** A redactor for the secrets of one connection. Making one costs some microseconds; keep it as long as the connection's secrets. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN)
  // Longest first, so that a form inside another does not leave the rest of the longer one behind.
  const forms = [...new Set(known.flatMap(formsOf))].toSorted((a, b) => b.length - a.length)
  const formCharsMax = forms[0]?.length ?? 0

  const hasForm = (text: string): boolean => forms.some((form) => text.includes(form))

  function text(given: string): string {
    let out = given
    for (const form of forms) if (out.includes(form)) out = out.replaceAll(form, HIDDEN)
    return hideNamed(out)
  }

  return {
    text,
    header: (name, value) => (isCredentialName(name) ? HIDDEN : text(value)),
    // A backslash may hide a character of a secret behind an escape; such text is looked at string by string.
    json: (value, wire) => copyWith(wire !== undefined && !wire.includes('\\') && !hasForm(wire) ? hideNamed : text, value, 0),
    cut(given, charsMax) {
      if (given.length <= charsMax) return text(given)
      // A secret may be cut in two by the window's end: whatever is that near to the end is dropped.
      const window = text(given.slice(0, charsMax + formCharsMax))
      const kept = window.slice(0, Math.max(0, Math.min(charsMax, window.length - formCharsMax)))
      return `${kept}… (${given.length - kept.length} more characters)`
    },
  }
}
