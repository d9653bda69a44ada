import { isJsonObject } from '@couplet/core'
import type { HonoRequest } from 'hono'
import { z } from 'zod'
import type { Mark } from '../frame/simulator.ts'
import type { Highlevel } from './context.ts'
import { checked } from './schema.ts'
import type { Token, TokenKind } from './state.ts'
import type { ApiVersion, Availability } from './version-gate.ts'

export type Reply = { status: 200 | 201; json: Record<string, unknown> } | { status: 200 | 204 | 302; raw: Response }

/** A request that passed the gates: token, version, rate, kind, scopes. */
export type Call = {
  context: Highlevel
  token: Token
  version: ApiVersion
  traceId: string
  params: Record<string, string>
  request: HonoRequest
  /** Scheme and authority the caller used, for links in answers. */
  origin: string
  requestBody: unknown
}

export type Input<Query, Body> = Call & { query: Query; body: Body }

type Spec<Query, Body> = {
  /** The vendor's operationId; with a mark other than CONFIRMED the operation is in no published file and strict mode lacks it. */
  id: string
  mark?: Mark
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  exists?: Availability | ((params: Record<string, string>) => Availability)
  tokens: readonly TokenKind[]
  scopes: readonly string[] | ((context: Highlevel) => readonly string[])
  query?: z.ZodType<Query>
  body?: z.ZodType<Body> | ((version: ApiVersion) => z.ZodType<Body>)
  run(input: Input<Query, Body>): Reply | Promise<Reply>
}

/** One vendor operation as data, its input types forgotten. */
export type Operation = {
  id: string
  mark: Mark
  method: string
  path: string
  tokens: readonly TokenKind[]
  hasBody: boolean
  /** The published version header, where it is not that of the Social Planner. */
  declaredVersion?: string
  exists(params: Record<string, string>): Availability
  scopes(context: Highlevel): readonly string[]
  answer(call: Call): Reply | Promise<Reply>
}

export const LOCATION_TOKENS: readonly TokenKind[] = ['pit', 'Location']
export const ANY_TOKEN: readonly TokenKind[] = ['pit', 'agency-pit', 'Location', 'Company']

const NOTHING = z.unknown()

/** Declares an operation. Query properties beyond the schema are ignored; bodies follow the whitelist setting. */
export function operation<Query = unknown, Body = unknown>(spec: Spec<Query, Body>): Operation {
  const { exists, scopes, query, body } = spec
  const querySchema = query ?? (NOTHING as z.ZodType<Query>)
  return {
    id: spec.id,
    mark: spec.mark ?? 'CONFIRMED',
    method: spec.method,
    path: spec.path,
    tokens: spec.tokens,
    hasBody: body !== undefined,
    exists: (params) => (typeof exists === 'function' ? exists(params) : (exists ?? { v2: true, v3: true })),
    scopes: (context) => (typeof scopes === 'function' ? scopes(context) : scopes),
    answer: (call) => {
      const bodySchema = typeof body === 'function' ? body(call.version) : (body ?? (NOTHING as z.ZodType<Body>))
      const given = body === undefined ? undefined : (call.requestBody ?? {})
      return spec.run({
        ...call,
        query: checked(call.context, querySchema, call.request.query()),
        body: checked(call.context, bodySchema, given),
      })
    },
  }
}

/** The location a request names, wherever the operation carries it. */
export function namedLocation(call: Pick<Call, 'params' | 'request' | 'requestBody'>): string | undefined {
  const inBody = isJsonObject(call.requestBody) ? call.requestBody['locationId'] : undefined
  return (
    call.params['locationId'] ??
    call.request.query('locationId') ??
    call.request.query('altId') ??
    (typeof inBody === 'string' ? inBody : undefined)
  )
}

/** The v2 envelope of social operations. */
export const social = (status: 200 | 201, message: string, results?: unknown): Reply => ({
  status,
  json: { success: true, statusCode: status, message, ...(results === undefined ? {} : { results }) },
})

export const flat = (json: Record<string, unknown>, status: 200 | 201 = 200): Reply => ({ status, json })
