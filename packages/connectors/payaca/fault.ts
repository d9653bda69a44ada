import { retryAfter, type VendorFault } from '@couplet/connector-sdk'
import { z } from 'zod'
import { isAssumedPath } from './paths.ts'

type Answer = { status: number; headers: Readonly<Record<string, string>>; body: unknown; method: string; path: string }

const Said = z.looseObject({
  message: z
    .union([z.string(), z.array(z.string()).transform((lines) => lines.join('; '))])
    .optional()
    .catch(undefined),
  error: z.string().optional().catch(undefined),
  errors: z
    .array(
      z.union([
        z.string().transform((message) => ({ message, field: undefined })),
        z.looseObject({ message: z.string(), field: z.string().optional(), path: z.string().optional() }),
      ]),
    )
    .optional()
    .catch(undefined),
})

/** Payaca's error body is not documented (ASSUMED): `message`, `error` and `errors[]` are tried, then the text as it is. */
function readSaid(body: unknown): { text: string; fields: Record<string, string> } {
  if (typeof body === 'string') return { text: body.slice(0, 300), fields: {} }
  const said = Said.safeParse(body)
  if (!said.success) return { text: '', fields: {} }
  const lines = (said.data.errors ?? []).map((line) => ({
    field: line.field ?? ('path' in line && typeof line.path === 'string' ? line.path : undefined),
    message: line.message,
  }))
  return {
    text: said.data.message ?? said.data.error ?? lines.map((line) => line.message).join('; '),
    fields: Object.fromEntries(lines.flatMap((line) => (line.field === undefined ? [] : [[line.field, line.message]]))),
  }
}

const PATH_HINT =
  'The address of this operation is not confirmed. Import Payaca\'s OpenAPI file (docs.api.payaca.com, "Download") or correct the path in the connection.'

/**
 * Sorts every answer of Payaca. Status codes and bodies are ASSUMED throughout: the contract only says that any non-2xx is a failure.
 */
export function readFault({ status, headers, body, method, path }: Answer): VendorFault | undefined {
  // Redirects are the client's: it never follows one with credentials.
  if (status >= 200 && status < 400) return undefined
  const { text, fields } = readSaid(body)
  const why = text === '' ? `HTTP ${status}` : text
  const details = { said: text }
  switch (status) {
    case 401:
    case 403:
      return {
        kind: 'auth-expired',
        code: 'payaca.credentials_refused',
        message: `Payaca refuses the client id and secret (${why}).`,
        hint: 'Create a new API key in Payaca under My Company, Integrations. The secret is shown once only.',
        details,
      }
    case 404:
      return {
        kind: 'not-found',
        code: 'payaca.not_found',
        message: `Payaca does not find this: ${why}`,
        hint: isAssumedPath(method, path) ? `The record may be gone. ${PATH_HINT}` : 'Check the base address of the connection.',
        details,
      }
    case 405:
    case 501:
      return { kind: 'rejected', code: 'payaca.path_refused', message: `Payaca does not take ${method} here.`, hint: PATH_HINT, details }
    case 409:
      return { kind: 'conflict', code: 'payaca.conflict', message: `Payaca sees a conflict: ${why}`, details }
    case 429:
      return {
        kind: 'throttled',
        code: 'payaca.throttled',
        message: 'Payaca asks to slow down.',
        details,
        ...retryAfter(headers),
      }
    default:
      break
  }
  if (status >= 500)
    return {
      kind: 'unavailable',
      code: 'payaca.unavailable',
      message: `Payaca answered HTTP ${status}.`,
      details,
      ...retryAfter(headers),
    }
  return {
    kind: 'rejected',
    code: 'payaca.rejected',
    message: `Payaca refused the request: ${why}`,
    ...(/custom ?field/i.test(text) ? { hint: 'Create the custom field in Payaca first, with exactly this identifier.' } : {}),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    details: { ...details, status },
  }
}
