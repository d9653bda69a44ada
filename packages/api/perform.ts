import { type Fault, parseJson, userFault } from '@couplet/core'
import type { Endpoint } from './endpoint.ts'
import { faultIn } from './problem-fault.ts'

export type ClientOptions = {
  /** Where Couplet is, without a slash at the end. Empty in the browser: the page's own origin. */
  baseUrl: string
  fetch?: typeof fetch
  headers?: Readonly<Record<string, string>>
}

/** What must be known of an endpoint to ask it. */
export type Route = Pick<Endpoint, 'method' | 'path' | 'isFile'>

export type UntypedCall = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal }

/** Parameters are texts, numbers or yes-no; anything else has no place in an address. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

/** The path and query of a call, each part percent-encoded. */
export function addressOf(endpoint: Pick<Endpoint, 'path'>, call: Pick<UntypedCall, 'params' | 'query'>): string {
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(call.params?.[name])))
  const pairs = Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, textOf(value)])).toString()
  return query === '' ? path : `${path}?${query}`
}

/**
 * Asks an endpoint. `read` takes the answer, or nothing when it is not what the endpoint answers. Throws a `Fault`: the server's own, rebuilt from
 * its problem document, or `api.unreachable` when no Couplet answers there.
 */
export async function perform(
  options: ClientOptions,
  endpoint: Route,
  call: UntypedCall,
  read: (body: unknown) => { data: unknown } | undefined,
): Promise<unknown> {
  const send = options.fetch ?? fetch
  const isWrite = endpoint.method !== 'GET'
  let response: Response
  let text: string
  try {
    response = await send(options.baseUrl + addressOf(endpoint, call), {
      method: endpoint.method,
      headers: { accept: 'application/json', ...(isWrite ? { 'content-type': 'application/json' } : {}), ...options.headers },
      ...(isWrite ? { body: JSON.stringify(call.body ?? {}) } : {}),
      ...(call.signal ? { signal: call.signal } : {}),
    })
    text = await response.text()
  } catch (error) {
    throw userFault(
      {
        code: 'api.unreachable',
        message: `No Couplet answers at ${options.baseUrl === '' ? 'this address' : options.baseUrl}.`,
        hint: 'Start it with "npm start", or name its address.',
      },
      error,
    )
  }
  if (response.ok && endpoint.isFile)
    return {
      name: /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '',
      contentType: response.headers.get('content-type') ?? '',
      bytes: text,
    }
  const body = parseJson(text)
  if (!response.ok) {
    throw faultIn(body) ?? notCouplet(options, response.status)
  }
  const reply = read(body)
  if (!reply) throw notCouplet(options, response.status)
  return reply.data
}

const notCouplet = (options: ClientOptions, status: number): Fault =>
  userFault({
    code: 'api.unexpected_answer',
    message: `What answers at ${options.baseUrl === '' ? 'this address' : options.baseUrl} (status ${status}) is not this version of Couplet.`,
    hint: 'Check the address, and that both sides have the same release.',
    status,
  })
