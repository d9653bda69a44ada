import { retryAfter, type VendorFault } from '@couplet/connector-sdk'
import { messagesOf, redact } from './fault-messages.ts'
import { fieldOf } from './fault-fields.ts'
import { csvFault } from './fault-csv.ts'
import { catalogueScopeOf } from './catalogue/scope-of.ts'
import { scopeOf } from './operation-table.ts'
import { isLocationPaused, tokenCallFault } from './fault-oauth.ts'
import { throttledFault } from './fault-throttled.ts'

type Answer = {
  status: number
  headers: Readonly<Record<string, string>>
  body: unknown
  method: string
  path: string
  isOAuth?: boolean
}

const AT_EDGE = 'HighLevel sits behind Cloudflare; this answer came from there, not from the API.'

/**
 * Sorts every answer of HighLevel; `undefined` is a success. Any 2xx counts as one, since reads by POST answer 201 (CONFIRMED), unless
 * its envelope says otherwise. Texts marked REPORTED in the contract are matched loosely and never decide alone where the status does.
 */
export function sortFault(answer: Answer): VendorFault | undefined {
  const { status, body } = answer
  if (status < 300) return envelopeFault(answer)
  const texts = messagesOf(body)
  const said = redact(texts.lines.join(' '))
  const details = { ...(texts.code ? { vendorCode: texts.code } : {}), ...(said ? { said } : {}) }
  if (status === 429) return throttledFault(answer)
  if (status >= 500)
    return {
      kind: 'unavailable',
      code: 'highlevel.unavailable',
      message: `HighLevel had an error of its own (${status}).`,
      hint: 'Couplet tries again by itself.',
      ...retryAfter(answer.headers),
      details,
    }
  if (answer.path.startsWith('/oauth/')) {
    const fault = tokenCallFault(said)
    if (fault) return { ...fault, details }
  }
  if (isLocationPaused(said))
    return {
      kind: 'unavailable',
      code: 'highlevel.location_paused',
      message: 'The sub-account is paused in HighLevel.',
      hint: 'Activate it in the agency settings. Couplet asks again by itself.',
      retryAfterMs: 900_000,
      details,
    }
  if (/version header/i.test(said) || /not available in v3/i.test(said))
    return {
      kind: 'bug',
      code: 'highlevel.version',
      message: 'HighLevel refused the API version of this call.',
      hint: 'The operation is declared with a version HighLevel does not accept here. Please report it with the trace id.',
      details,
    }
  switch (status) {
    case 401:
      return unauthorised(answer, said, details)
    case 403:
      return forbidden(answer, texts.isJson, said, details)
    case 404:
      if (/^Cannot [A-Z]+ \//.test(said))
        return {
          kind: 'bug',
          code: 'highlevel.no_such_path',
          message: 'HighLevel does not know this address under the API version used.',
          hint: 'Newer operations answer only to version v3. Please report it with the trace id.',
          details,
        }
      return unknownRecord(said, details)
    case 405:
      return { kind: 'bug', code: 'highlevel.no_such_path', message: 'HighLevel does not offer this call.', details }
    case 408:
      return {
        kind: 'unavailable',
        code: 'highlevel.unavailable',
        message: 'HighLevel took too long to answer.',
        hint: 'Couplet tries again by itself.',
        ...retryAfter(answer.headers),
        details,
      }
    case 409:
      return { kind: 'conflict', code: 'highlevel.conflict', message: said || 'HighLevel says the record is in another state.', details }
    default:
      return rejected(answer, texts, said, details)
  }
}

/** A 2xx whose own words say that it failed (ASSUMED to be possible: the envelope carries `success`). */
function envelopeFault(answer: Answer): VendorFault | undefined {
  const texts = messagesOf(answer.body)
  if (texts.success !== false) return undefined
  const status = texts.statusCode !== undefined && texts.statusCode >= 400 ? texts.statusCode : 422
  return sortFault({ ...answer, status })
}

function unauthorised(answer: Answer, said: string, details: Record<string, unknown>): VendorFault {
  if (/not authorized for this scope|missing scope|insufficient scope/i.test(said)) {
    const scope = scopeOf(answer.method, answer.path) ?? catalogueScopeOf(answer.method, answer.path)
    return {
      kind: 'scope-missing',
      code: 'connection.scope_missing',
      message: scope ? `Permission missing: ${scope}.` : 'The token lacks a permission this call needs.',
      hint: answer.isOAuth
        ? 'Add the permission to the app at HighLevel, then connect the account again: the consent has to be given anew.'
        : 'In HighLevel, open Settings, Private Integrations, edit the integration and tick the permission. The token stays the same.',
      ...(scope ? { scope } : {}),
      details,
    }
  }
  if (/access to this location/i.test(said)) return wrongLocation(details)
  if (/user type|private integration.*agency|auth ?class/i.test(said)) return wrongTokenKind(details)
  return {
    kind: 'auth-expired',
    code: 'connection.token_refused',
    message: said ? `HighLevel refused the token (${said}).` : 'HighLevel refused the token.',
    hint: answer.isOAuth
      ? 'Couplet has renewed it already, without success. Connect the account again.'
      : 'Paste the current Private Integration Token of this sub-account. If it is current, check that it belongs to this location and has the permissions of the flow.',
    details,
  }
}

const wrongLocation = (details: Record<string, unknown>): VendorFault => ({
  kind: 'rejected',
  code: 'connection.wrong_location',
  message: 'This token belongs to another sub-account.',
  hint: 'Compare the location id of the connection with the sub-account in which the token was made.',
  fields: { locationId: 'not the sub-account of this token' },
  details,
})

const wrongTokenKind = (details: Record<string, unknown>): VendorFault => ({
  kind: 'rejected',
  code: 'connection.wrong_token_kind',
  message: 'This is a token of the agency; HighLevel wants one of the sub-account here.',
  hint: 'Make the Private Integration in the settings of the sub-account, not of the agency.',
  details,
})

function forbidden(answer: Answer, isJson: boolean, said: string, details: Record<string, unknown>): VendorFault {
  if (/error code: 1010/i.test(said))
    return {
      kind: 'bug',
      code: 'highlevel.edge_refused',
      message: 'HighLevel refused the call before it reached the API (Cloudflare error 1010).',
      hint: `${AT_EDGE} It is known to happen without a User-Agent header.`,
      details,
    }
  if (!isJson)
    return {
      kind: 'unavailable',
      code: 'highlevel.edge_refused',
      message: 'HighLevel refused the call before it reached the API.',
      hint: AT_EDGE,
      ...retryAfter(answer.headers),
      details,
    }
  if (/access to this location/i.test(said)) return wrongLocation(details)
  if (/user.?s? type/i.test(said)) return wrongTokenKind(details)
  if (/scope/i.test(said)) return unauthorised(answer, 'missing scope', details)
  return {
    kind: 'rejected',
    code: 'highlevel.forbidden',
    message: said || 'HighLevel does not allow this call.',
    hint: 'Check that the token belongs to this sub-account and has the permission.',
    details,
  }
}

const unknownRecord = (said: string, details: Record<string, unknown>): VendorFault => ({
  kind: 'not-found',
  code: 'highlevel.not_found',
  message: said || 'HighLevel does not know this record.',
  hint: 'It may have been deleted, or belong to another sub-account.',
  details,
})

function rejected(answer: Answer, texts: ReturnType<typeof messagesOf>, said: string, details: Record<string, unknown>): VendorFault {
  const csv = csvFault(texts.code, answer.body)
  if (csv) return { ...csv, details }
  // Most operations declare 400 but not 404 (CONFIRMED), so an unknown record may well come as 400 (ASSUMED).
  if (answer.status === 400 && /\b(not found|does not exist|no longer exists)\b/i.test(said)) return unknownRecord(said, details)
  if (answer.status === 400 && /duplicat/i.test(said))
    return {
      kind: 'conflict',
      code: 'highlevel.duplicate',
      message: said,
      hint: 'Use "Create or update a contact" to change the one that is there.',
      details,
    }
  if (answer.status === 413)
    return {
      kind: 'rejected',
      code: 'highlevel.too_large',
      message: 'The file is too large for HighLevel.',
      hint: 'The media library takes up to 25 MB.',
      fields: { content: 'too large' },
      details,
    }
  if (answer.status === 415)
    return {
      kind: 'rejected',
      code: 'highlevel.wrong_type',
      message: 'HighLevel does not take this kind of file.',
      fields: { contentType: 'not accepted' },
      details,
    }
  const fields: Record<string, string> = {}
  for (const line of texts.lines) {
    const field = fieldOf(line)
    if (field) fields[field] = fields[field] ? `${fields[field]}; ${redact(line)}` : redact(line)
  }
  return {
    kind: 'rejected',
    code: answer.status === 422 ? 'highlevel.invalid' : 'highlevel.rejected',
    message: said ? `HighLevel refused the values: ${said}` : `HighLevel refused the call (${answer.status}).`,
    ...(texts.resolution ? { hint: redact(texts.resolution) } : hintFor(said)),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    details,
  }
}

/** Hints for texts whose cause is known and not obvious (REPORTED). */
function hintFor(said: string): { hint?: string } {
  if (/12 bytes/.test(said)) return { hint: 'HighLevel fails when posts of type "in progress" are listed. List all types instead.' }
  if (/after current date/i.test(said)) return { hint: 'Choose a time in the future; Couplet sends it as UTC.' }
  if (/media format type/i.test(said)) return { hint: 'Posts that are not drafts need the exact media type, such as image/jpeg.' }
  if (/should not exist/i.test(said)) return { hint: 'HighLevel accepts only the members it knows. Leave this one out.' }
  return {}
}
