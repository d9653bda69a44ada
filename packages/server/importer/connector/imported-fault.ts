import { isObject, retryAfter, type VendorFault } from '@couplet/connector-sdk'

type Answer = { status: number; headers: Readonly<Record<string, string>>; body: unknown; method: string; path: string }

const REASONS = ['message', 'error_description', 'detail', 'title', 'error', 'reason', 'description']
const REASON_CHARS_MAX = 300

/** What the vendor says went wrong, where answers usually say it. */
function reasonIn(body: unknown, depth = 0): string | undefined {
  if (typeof body === 'string')
    return body.trim() === '' || body.trimStart().startsWith('<') ? undefined : body.trim().slice(0, REASON_CHARS_MAX)
  if (Array.isArray(body)) return depth < 3 ? reasonIn(body[0], depth + 1) : undefined
  if (!isObject(body) || depth >= 3) return undefined
  for (const name of [...REASONS, 'errors']) {
    const found = reasonIn(body[name], depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Sorts an answer of an imported API by what HTTP says of its status; the vendor's own reason goes along. */
export function importedFault(title: string, { status, headers, body, method, path }: Answer): VendorFault | undefined {
  if (status >= 200 && status < 300) return undefined
  const reason = reasonIn(body)
  const said = reason === undefined ? '.' : `: ${reason}`
  const details = { method, path: path.split('?')[0] ?? '', status }
  const later = retryAfter(headers)
  if (status === 401)
    return {
      kind: 'auth-expired',
      message: `${title} does not accept the credentials of this connection${said}`,
      hint: 'Enter them again.',
      details,
    }
  if (status === 403)
    return {
      kind: 'rejected',
      code: 'imported.not_allowed',
      message: `${title} does not allow this with these credentials${said}`,
      hint: 'Give the account the permission at the vendor.',
      details,
    }
  if (status === 404 || status === 410)
    return { kind: 'not-found', message: `${title} does not know this record or address${said}`, details }
  if (status === 409 || status === 412) return { kind: 'conflict', message: `${title} sees a conflict${said}`, details }
  if (status === 429) return { kind: 'throttled', message: `${title} asks to slow down.`, details, ...later }
  if (status === 408 || status >= 500) return { kind: 'unavailable', message: `${title} answered HTTP ${status}${said}`, details, ...later }
  return { kind: 'rejected', code: 'imported.rejected', message: `${title} refused the request (HTTP ${status})${said}`, details }
}
