import type { z } from 'zod'
import type { Access, Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One endpoint as data. The server routes and validates by it, the client is typed by it, the OpenAPI document is printed from it.
 *
 * - `path`: parameters as `:name`, each named in `params`.
 * - `permission`: what the caller must be allowed, or an access that asks for no role; asked by the server before anything else.
 * - `audit`: name of the event that is written down when the call succeeds, or the reason why none is.
 * - `errors`: codes this endpoint itself may answer with; those of every endpoint (`request.*`, `couplet.bug`) go without saying.
 */
export type Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Reply extends z.ZodType = z.ZodType,
> = {
  id: string
  method: Method
  path: `/api/${string}`
  summary: string
  permission: Permission | Access
  audit: `${string}.${string}` | { none: string }
  params: Params
  query: Query
  body: Body
  reply: Reply
  /** The answer is a file, not JSON: its handler gives a `FileReply`. */
  isFile?: boolean
  errors: readonly string[]
}

export const NOTHING_CHANGES = { none: 'reads only' } as const

/** Declares an endpoint; keeps the exact types of its schemas. */
export const endpoint = <
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType | undefined,
  Reply extends z.ZodType,
>(
  declared: Endpoint<Params, Query, Body, Reply>,
): Endpoint<Params, Query, Body, Reply> => declared
