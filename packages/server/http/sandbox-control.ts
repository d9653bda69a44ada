import { userFault } from '@couplet/core'
import type { Context } from 'hono'
import type { ServerParts } from '../server-parts.ts'
import type { SandboxView } from '../setup/sandbox-setup.ts'

/** Longest a control action may take: firing a webhook waits for its answer. */
const TIMEOUT_MS = 30_000

/**
 * Passes a request on to the control surface of a simulated vendor (reset, seed, faults, clock, inspect, actions) and its answer back. The
 * page may not speak to other origins, and the surface itself knows no users: this is the door with the lock.
 */
export async function sandboxControl(
  { sandbox, engine }: { sandbox: SandboxView | undefined; engine: ServerParts['engine'] },
  c: Context,
  vendor: string,
  rest: readonly string[],
): Promise<Response> {
  const found = sandbox?.vendors.find((candidate) => candidate.vendor === vendor)
  if (!found)
    throw userFault({
      code: 'sandbox.not_found',
      message: `There is no simulated vendor "${vendor}" here.`,
      hint: 'The sandbox may be switched off (COUPLET_SANDBOX).',
    })
  const { method } = c.req
  if (!isControlMethod(method))
    throw userFault({ code: 'request.method', message: `${method} is not possible here.`, hint: 'Use GET, POST, PATCH or DELETE.' })
  const [first, document = ''] = rest
  if (first === 'documents' && method === 'GET') return documentOf(found.url, document, engine)
  // Built on the known address, each part encoded, so that no path leads anywhere else.
  const path = rest.map((part) => `/${encodeURIComponent(part)}`).join('')
  const reply = await engine.outbound.send({
    method,
    url: `${found.controlUrl}${path}${new URL(c.req.url).search}`,
    headers: { 'content-type': 'application/json' },
    timeoutMs: TIMEOUT_MS,
    ...(method === 'GET' ? {} : { body: await c.req.text() }),
  })
  return new Response(reply.text(), { status: reply.status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
}

/** A document the simulated vendor keeps (the PDF behind a flipbook), as it shows it to readers. */
async function documentOf(vendorUrl: string, id: string, engine: ServerParts['engine']): Promise<Response> {
  const url = `${vendorUrl}/cdn/files/${encodeURIComponent(id)}`
  const reply = await engine.outbound.send({ method: 'GET', url, timeoutMs: TIMEOUT_MS })
  if (reply.status !== 200 || reply.headers['content-type'] !== 'application/pdf')
    throw userFault({
      code: 'sandbox.document_not_found',
      message: 'The simulated vendor does not hold this document any more.',
      hint: 'Converted documents are kept until the sandbox is started again; convert it once more.',
    })
  return new Response(Uint8Array.from(reply.bytes), { headers: { 'content-type': 'application/pdf', 'cache-control': 'no-store' } })
}

const CONTROL_METHODS = ['GET', 'POST', 'PATCH', 'DELETE'] as const
const isControlMethod = (method: string): method is (typeof CONTROL_METHODS)[number] => CONTROL_METHODS.some((known) => known === method)
