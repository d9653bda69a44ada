import type { z } from 'zod'
import { type Contract, contract } from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { type ClientOptions, perform, type UntypedCall } from './perform.ts'

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
        (call?: UntypedCall) =>
          perform(options, endpoint, call ?? {}, (body) => {
            const reply = endpoint.reply.safeParse(body)
            return reply.success ? { data: reply.data } : undefined
          }),
      ]),
    ),
  ])
  // The object has exactly the members of the contract; only the compiler cannot follow the mapping.
  return Object.fromEntries(areas) as Client
}
