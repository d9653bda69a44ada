import { Fault, type FaultKind, isJsonObject } from '@couplet/core'
import type { ProblemDocument } from './problem-document.ts'

export const FAULT_KINDS = [
  'throttled',
  'unavailable',
  'auth-expired',
  'scope-missing',
  'rejected',
  'not-found',
  'conflict',
  'unknown-outcome',
  'not-ready',
  'user',
  'bug',
] as const satisfies readonly FaultKind[]

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const texts = (value: unknown): Record<string, string> | undefined =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])))
    : undefined

/** The parts of a problem document a fault is made of, besides the lists that only go into its details. */
type Told = Pick<ProblemDocument, 'code' | 'kind' | 'message' | 'status'> &
  Partial<Pick<ProblemDocument, 'hint' | 'fields' | 'place' | 'traceId' | 'retryAt' | 'incident' | 'details'>> & { problems?: unknown }

/** The fault a problem document tells of, as the client throws it. */
function faultOf(problem: Told): Fault {
  const { code, kind, message, hint, fields, place, traceId, status, retryAt } = problem
  const details = {
    ...problem.details,
    ...(problem.problems === undefined ? {} : { problems: problem.problems }),
    ...(problem.incident === undefined ? {} : { incident: problem.incident }),
  }
  return new Fault({
    code,
    kind,
    message,
    status,
    ...(hint === undefined ? {} : { hint }),
    ...(fields === undefined ? {} : { fields }),
    ...(place === undefined ? {} : { place }),
    ...(retryAt === undefined ? {} : { retryAt: Date.parse(retryAt) }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  })
}

/** The fault an answer tells of; nothing when it is no problem document. Reads by hand, so that a page need not carry schemas for it. */
export function faultIn(body: unknown): Fault | undefined {
  if (!isJsonObject(body)) return undefined
  const { status, details } = body
  const [code, message] = [text(body['code']), text(body['message'])]
  const kind = FAULT_KINDS.find((one) => one === body['kind'])
  if (code === undefined || message === undefined || kind === undefined || typeof status !== 'number') return undefined
  const [hint, place, traceId, retryAt, incident] = ['hint', 'place', 'traceId', 'retryAt', 'incident'].map((name) => text(body[name]))
  const fields = texts(body['fields'])
  return faultOf({
    code,
    kind,
    message,
    status,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(incident === undefined ? {} : { incident }),
    ...(fields === undefined ? {} : { fields }),
    ...(isJsonObject(details) ? { details } : {}),
    ...(Array.isArray(body['problems']) ? { problems: body['problems'] } : {}),
  })
}
