import { retryAfter, type VendorFault } from '@couplet/connector-sdk'
import { z } from 'zod'

type Answer = { status: number; headers: Readonly<Record<string, string>>; body: unknown; method: string; path: string }

const Refusal = z.looseObject({
  success: z.literal(false),
  code: z.coerce.number().nullish().catch(undefined),
  msg: z.string().nullish().catch(undefined),
})
const Failed = z.looseObject({ state: z.literal('failed') })

const isCall = (path: string, ...names: readonly string[]): boolean => names.some((name) => path.split('?')[0]?.endsWith(`/${name}`))
const isConversion = (path: string): boolean => isCall(path, 'rest', 'async')
const SOURCE_HINT =
  'The address must be public, answer 200 without a redirect, and be a PDF (or DOCX, PPTX). Open it in a private browser window to see.'

const wrongKey: VendorFault = {
  kind: 'auth-expired',
  code: 'heyzine.key_refused',
  message: 'Heyzine refuses the API key or the client id.',
  hint: 'Copy both again from heyzine.com/developers. Resetting the key there disconnects every app that uses the old one.',
}

/** Heyzine says no under HTTP 200, with its own code and message (CONFIRMED: contract, section 5). */
function refused({ path, headers }: Answer, code: number | undefined, said: string): VendorFault {
  const details = { code: code ?? null, said }
  if (/private api endpoint/i.test(said))
    return {
      kind: 'rejected',
      code: 'heyzine.replace_not_enabled',
      message: 'Heyzine has not enabled replacing the PDF for this account.',
      hint: 'Ask support@heyzine.com to enable it (paid plans), or use "Refresh a flipbook", which works on any account when the address of the PDF stays the same.',
      details,
    }
  if (/invalid (user|api key)/i.test(said)) return { ...wrongKey, details }
  if (/plan\b/i.test(said))
    return {
      kind: 'rejected',
      code: 'heyzine.plan_too_low',
      message: `The plan of this Heyzine account does not include this: ${said}`,
      hint: 'Own addresses and the leads webhook need Professional; bookshelves, own domains and e-mail access need Premium.',
      details,
    }
  if (/unauthori[sz]ed/i.test(said))
    return isCall(path, 'flipbook-list', 'bookshelf-list') || isConversion(path)
      ? { ...wrongKey, details }
      : {
          kind: 'not-found',
          code: 'heyzine.unknown_id',
          message: isCall(path, 'bookshelf-flipbooks') ? 'Heyzine does not know this bookshelf.' : 'Heyzine does not know this flipbook.',
          hint: 'It may have been deleted (the Free plan removes the oldest), belong to another account, or be a short id: only full ids work.',
          fields: { id: 'not known in this account' },
          details,
        }
  if (code === 404) return { kind: 'not-found', code: 'heyzine.unknown_id', message: `Heyzine does not find it: ${said}`, details }
  if (code === 422 || isConversion(path))
    return {
      kind: 'rejected',
      code: 'heyzine.source_refused',
      message: `Heyzine does not accept the document: ${said}`,
      hint: SOURCE_HINT,
      fields: { pdf: said },
      details,
    }
  if (code === 401) return { ...wrongKey, details }
  if (code === 429)
    return { kind: 'throttled', code: 'heyzine.throttled', message: 'Heyzine asks to slow down.', details, ...retryAfter(headers) }
  if (/characters/i.test(said))
    return {
      kind: 'rejected',
      code: 'heyzine.rejected',
      message: `Heyzine refused a value: ${said}`,
      hint: 'An own path takes letters, digits and hyphens.',
      fields: { urlPath: said },
      details,
    }
  return { kind: 'rejected', code: 'heyzine.rejected', message: `Heyzine refused: ${said}`, details }
}

/**
 * Sorts every answer of Heyzine. `success: false` comes first because it arrives as HTTP 200 (CONFIRMED); lists are bare arrays
 * and details bare objects. 429 and its form are ASSUMED.
 */
export function readFault(answer: Answer): VendorFault | undefined {
  const { status, headers, body, method, path } = answer
  const refusal = Refusal.safeParse(body)
  if (refusal.success) return refused(answer, refusal.data.code ?? undefined, refusal.data.msg ?? 'no reason given')
  if (isConversion(path) && Failed.safeParse(body).success)
    return {
      kind: 'rejected',
      code: 'heyzine.conversion_failed',
      message: 'Heyzine could not fetch or convert the document.',
      hint: SOURCE_HINT,
      fields: { pdf: 'could not be converted' },
    }
  // Redirects are the client's: it never follows one with credentials.
  if (status >= 200 && status < 400) return undefined
  if (status === 401 || status === 403) return wrongKey
  if (status === 404)
    return {
      kind: 'bug',
      code: 'heyzine.unknown_endpoint',
      message: `Heyzine has no endpoint ${path}.`,
      hint: 'Check that the base address of the connection ends in /api1.',
    }
  if (status === 429) return { kind: 'throttled', code: 'heyzine.throttled', message: 'Heyzine asks to slow down.', ...retryAfter(headers) }
  if (status === 422 || status === 400)
    return { kind: 'rejected', code: 'heyzine.rejected', message: `Heyzine refused the request (HTTP ${status}).` }
  if (status >= 500)
    return {
      kind: 'unavailable',
      code: 'heyzine.unavailable',
      message: `Heyzine answered HTTP ${status}.`,
      ...retryAfter(headers),
      // CONFIRMED: a private note over 200 characters gives 500. Couplet checks the length, so this is a real outage or a changed limit.
      ...(isCall(path, 'flipbook-design') && method === 'PATCH'
        ? { hint: 'If it stays, shorten the private note: Heyzine fails on long ones.' }
        : {}),
    }
  return {
    kind: 'rejected',
    code: 'heyzine.unexpected_status',
    message: `Heyzine answered HTTP ${status}.`,
    hint: 'Check the base address of the connection.',
  }
}
