import { Fault, isJsonObject } from '@couplet/core'
import type { Connector, HttpReply, HttpRequest, VendorFault } from '@couplet/connector-sdk'
import type { z } from 'zod'
import type { OutboundReply } from './outbound-client.ts'
import type { Redactor } from './redact.ts'

/* What a vendor's answer says, as faults. Vendors repeat what they were sent, so every word of theirs goes through the redactor. */

const MISFITS_SHOWN_MAX = 10

/** The connector's reading of the answer. `retryAfterMs` becomes a point in time: that of the answer plus the wait. */
export function vendorFault(redactor: Redactor, found: VendorFault, reply: OutboundReply, traceId: string | undefined): Fault {
  const details = found.details === undefined ? undefined : redactor.json(found.details)
  return new Fault({
    code: found.code ?? `vendor.${found.kind.replaceAll('-', '_')}`,
    kind: found.kind,
    message: redactor.text(found.message),
    status: reply.status,
    ...(found.hint === undefined ? {} : { hint: redactor.text(found.hint) }),
    ...(found.fields === undefined
      ? {}
      : { fields: Object.fromEntries(Object.entries(found.fields).map(([field, problem]) => [field, redactor.text(problem)])) }),
    ...(found.scope === undefined ? {} : { scope: found.scope }),
    ...(found.retryAfterMs === undefined ? {} : { retryAt: reply.receivedAt + found.retryAfterMs }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(isJsonObject(details) ? { details } : {}),
  })
}

/** Credentials do not follow redirects, so for a vendor's API one means that the connection's address is wrong. */
export function redirectFault(redactor: Redactor, title: string, reply: OutboundReply): Fault | undefined {
  const location = reply.headers['location']
  if (reply.status < 300 || reply.status > 399 || location === undefined) return undefined
  return new Fault({
    code: 'vendor.redirected',
    kind: 'rejected',
    message: `${title} redirects this call to ${redactor.text(location)}.`,
    hint: 'Couplet does not take credentials to another address. Check the address of the connection.',
    status: reply.status,
  })
}

/**
 * The answer was a success, but not of the shape the operation declares. Kind `bug`: no retry and no other input mends it, it needs a
 * new declaration; the engine's row for `bug` (fail the run, keep the evidence, tell the operator, never send again) is what a write
 * that did arrive needs too. `rejected` would say that the vendor refused, `unknown-outcome` would send some writes again.
 */
export function misfitFault(
  redactor: Redactor,
  at: { spec: Connector['spec']; request: HttpRequest; reply: HttpReply; isRead: boolean },
  error: z.ZodError,
): Fault {
  const { spec, request, reply, isRead } = at
  const misfits = error.issues.slice(0, MISFITS_SHOWN_MAX).map((issue) => ({
    place: redactor.text(issue.path.map(String).join('.')) || 'the whole answer',
    problem: redactor.text(issue.message),
  }))
  return new Fault({
    code: 'vendor.unexpected_answer',
    kind: 'bug',
    message: `${spec.title} answered ${request.method} ${redactor.text(request.path)} in a form Couplet does not know: ${misfits.map(({ place, problem }) => `${place}: ${problem}`).join('; ')}.`,
    hint: isRead
      ? 'Please report this with the run id.'
      : 'The vendor accepted the call, so do not simply repeat it. Please report this with the run id.',
    status: reply.status,
    ...(reply.traceId === undefined ? {} : { traceId: reply.traceId }),
    details: { misfits, wasAccepted: true },
  })
}
