import { problemOf } from '@couplet/api'
import { toFault } from '@couplet/core'
import type { Logger } from '@couplet/engine'

/** Any thrown thing as an answer. A defect is logged under the id of the request; its message and stack stay in the log. */
export function problemResponse(log: Logger, thrown: unknown, request: { id: string; method: string; path: string }): Response {
  const fault = toFault(thrown)
  const incident = fault.kind === 'bug' ? request.id : undefined
  if (incident !== undefined)
    log.error(
      { requestId: request.id, err: fault.cause instanceof Error ? fault.cause : fault, method: request.method, path: request.path },
      'A request failed',
    )
  const problem = problemOf(fault, incident)
  const retryAfter = fault.facts.retryAt === undefined ? undefined : Math.max(1, Math.ceil((fault.facts.retryAt - Date.now()) / 1_000))
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
  })
}
