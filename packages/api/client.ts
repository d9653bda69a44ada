import { type Fault, parseJson, userFault } from '@couplet/core'
import type { z } from 'zod'
import { type Contract, contract } from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { faultOf, ProblemDocument } from './problem-document.ts'

type Part<Name extends string, Schema> = Schema extends z.ZodType
  ? Record<string, never> extends z.input<Schema>
    ? { [N in Name]?: z.input<Schema> }
    : { [N in Name]: z.input<Schema> }
  : unknown
type Call<E> =
  E extends Endpoint<infer Params, infer Query, infer Body>
    ? Part<'params', Params> & Part<'query', Query> & Part<'body', Body> & { signal?: AbortSignal }
    : never
type ReplyOf<E> = E extends Endpoint<z.ZodObject, z.ZodObject, z.ZodType | undefined, infer Reply> ? z.output<Reply> : never
type ClientMethod<E> =
  Record<string, never> extends Call<E> ? (call?: Call<E>) => Promise<ReplyOf<E>> : (call: Call<E>) => Promise<ReplyOf<E>>

/** One method for each endpoint: `client.flows.get({ params: { flow } })`. */
export type Client = { [Area in keyof Contract]: { [Name in keyof Contract[Area]]: ClientMethod<Contract[Area][Name]> } }

export type ClientOptions = {
  /** Where Couplet is, without a slash at the end. Empty in the browser: the page's own origin. */
  baseUrl: string
  fetch?: typeof fetch
  headers?: Readonly<Record<string, string>>
}

/**
 * A client typed by the contracts. Every method throws a `Fault`: the server's own, rebuilt from its problem document, or
 * `api.unreachable` when no Couplet answers there.
 */
export function createClient(options: ClientOptions): Client {
  const areas = Object.entries(contract).map(([area, endpoints]) => [
    area,
    Object.fromEntries(
      Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => [
        name,
        (call?: UntypedCall) => perform(options, endpoint, call ?? {}),
      ]),
    ),
  ])
  // The object has exactly the members of the contract; only the compiler cannot follow the mapping.
  return Object.fromEntries(areas) as Client
}

type UntypedCall = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; signal?: AbortSignal }

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

async function perform(options: ClientOptions, endpoint: Endpoint, call: UntypedCall): Promise<unknown> {
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
    const problem = ProblemDocument.safeParse(body)
    throw problem.success ? faultOf(problem.data) : notCouplet(options, response.status)
  }
  const reply = endpoint.reply.safeParse(body)
  if (!reply.success) throw notCouplet(options, response.status)
  return reply.data
}

const notCouplet = (options: ClientOptions, status: number): Fault =>
  userFault({
    code: 'api.unexpected_answer',
    message: `What answers at ${options.baseUrl === '' ? 'this address' : options.baseUrl} (status ${status}) is not this version of Couplet.`,
    hint: 'Check the address, and that both sides have the same release.',
    status,
  })
