import { retryAfter, type VendorFault } from '@couplet/connector-sdk'

type Answer = { status: number; headers: Readonly<Record<string, string>>; body: unknown; method: string; path: string }

/** Sorts an answer of an unknown server by HTTP's own meaning of the status. Nothing of the body is judged. */
export function readFault({ status, headers, method, path }: Answer): VendorFault | undefined {
  if (status >= 200 && status < 300) return undefined
  const details = { method, address: path.split('?')[0] ?? '', status }
  const later = retryAfter(headers)
  if (status === 401 || status === 403)
    return {
      kind: 'rejected',
      code: 'http.not_allowed',
      message: `The server refuses access (HTTP ${status}).`,
      hint: 'Couplet sends no credentials here. Use an address that needs none, or a connector for this service.',
      details,
    }
  if (status === 404 || status === 410)
    return { kind: 'not-found', code: 'http.not_found', message: `There is nothing at this address (HTTP ${status}).`, details }
  if (status === 409 || status === 412)
    return { kind: 'conflict', code: 'http.conflict', message: `The server sees a conflict (HTTP ${status}).`, details }
  if (status === 429) return { kind: 'throttled', code: 'http.throttled', message: 'The server asks to slow down.', details, ...later }
  if (status === 408 || status >= 500)
    return { kind: 'unavailable', code: 'http.unavailable', message: `The server answered HTTP ${status}.`, details, ...later }
  if (status >= 300 && status < 400)
    return {
      kind: 'rejected',
      code: 'http.redirected',
      message: 'The server sends callers to another address.',
      hint: 'Use the address it leads to.',
      fields: { url: 'leads elsewhere' },
      details,
    }
  return { kind: 'rejected', code: 'http.rejected', message: `The server refused the request (HTTP ${status}).`, details }
}
