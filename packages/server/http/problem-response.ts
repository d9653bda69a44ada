import { randomUUID } from 'node:crypto'
import { problemOf } from '@couplet/api'
import { toFault } from '@couplet/core'
import type { Logger } from '@couplet/engine'

/** Any thrown thing as an answer. A defect is logged under an incident id; its message and stack stay in the log. */
export function problemResponse(log: Logger, thrown: unknown, request: { method: string; path: string }): Response {
  const fault = toFault(thrown)
  const incident = fault.kind === 'bug' ? randomUUID() : undefined
  if (incident !== undefined)
    log.error({ incident, err: fault.cause instanceof Error ? fault.cause : fault, ...request }, 'A request failed')
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
