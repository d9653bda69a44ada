import type { Fault, FaultFacts, FaultKind } from '@couplet/core'
import { z } from 'zod'
import { FAULT_KINDS } from './problem-fault.ts'
import { ProblemShape } from './shapes.ts'

/** An error as RFC 9457 wants it, with what a person needs to act: `application/problem+json`. */
export const ProblemDocument = z
  .object({
    type: z.string().meta({ description: 'urn:couplet:problem: and the code' }),
    title: z.string(),
    status: z.int(),
    /** What happened and why. */
    detail: z.string(),
    code: z.string().meta({ description: 'Stable: family.reason' }),
    kind: z.enum(FAULT_KINDS),
    /** The same text as `detail`. */
    message: z.string(),
    hint: z.string().optional().meta({ description: 'What to do' }),
    /** The first field of `fields`. */
    field: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    place: z.string().optional().meta({ description: 'Where: a path in the request or definition, or file:line:column' }),
    retryAt: z.iso.datetime().optional(),
    traceId: z.string().optional(),
    /** Quote it when reporting a defect: the log has the details under it. */
    incident: z.string().optional(),
    problems: z.array(ProblemShape).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', title: 'Problem' })
export type ProblemDocument = z.output<typeof ProblemDocument>

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'request.not_json': 400,
  'request.too_large': 413,
  'request.media_type': 415,
  'request.host': 403,
  'request.cross_site': 403,
  'request.from_a_flow': 403,
  'request.unknown_path': 404,
  'request.method': 405,
  'request.not_permitted': 403,
  'request.signed_out': 401,
  'couplet.starting': 503,
}
const NOT_FOUND = /\.(not_found|unknown)$/
const CONFLICT = /\.(name_taken|changed_elsewhere|in_use|not_possible|still_used)$/

const STATUS_BY_KIND: Record<FaultKind, number> = {
  throttled: 429,
  unavailable: 503,
  'auth-expired': 422,
  'scope-missing': 422,
  rejected: 422,
  'not-found': 404,
  conflict: 409,
  'unknown-outcome': 502,
  'not-ready': 503,
  user: 422,
  bug: 500,
}

/** The HTTP status of a fault. */
export function statusOf(fault: Pick<FaultFacts, 'code' | 'kind'>): number {
  const byCode = STATUS_BY_CODE[fault.code]
  if (byCode !== undefined) return byCode
  if (fault.kind === 'user' && NOT_FOUND.test(fault.code)) return 404
  if (fault.kind === 'user' && CONFLICT.test(fault.code)) return 409
  return STATUS_BY_KIND[fault.kind]
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible at this address',
  409: 'Not possible now',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Something has to be put right',
  429: 'Too many requests',
  500: 'A defect in Couplet',
  502: 'The outcome is unknown',
  503: 'Not available at the moment',
}

/**
 * The problem document of a fault. A `bug` shows neither its message nor its details: they are in the log, under `incident`.
 */
export function problemOf(fault: Fault, incident?: string): ProblemDocument {
  const { facts } = fault
  const status = statusOf(facts)
  const isBug = facts.kind === 'bug'
  const message = isBug ? 'Something unexpected went wrong in Couplet; nothing is known to be lost.' : facts.message
  const hint = isBug ? `Try again. If it stays, look into the log for incident ${incident ?? ''} and report it.` : facts.hint
  const { problems, ...details } = isBug ? {} : { problems: undefined, ...facts.details }
  const found = z.array(ProblemShape).safeParse(problems)
  const field = facts.fields === undefined ? undefined : Object.keys(facts.fields)[0]
  return {
    type: `urn:couplet:problem:${facts.code}`,
    title: TITLES[status] ?? 'Error',
    status,
    detail: message,
    code: facts.code,
    kind: facts.kind,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { field }),
    ...(facts.fields === undefined ? {} : { fields: facts.fields }),
    ...(facts.place === undefined ? {} : { place: facts.place }),
    ...(facts.retryAt === undefined ? {} : { retryAt: new Date(facts.retryAt).toISOString() }),
    ...(facts.traceId === undefined ? {} : { traceId: facts.traceId }),
    ...(incident === undefined ? {} : { incident }),
    ...(found.success && found.data.length > 0 ? { problems: found.data } : {}),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}
