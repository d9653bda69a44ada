import type { Duration, FaultFacts } from '@couplet/core'
import type { z } from 'zod'
import type { Action } from './action.ts'
import type { Call } from './call.ts'
import type { OAuthRules } from './oauth.ts'
import type { Trigger } from './trigger.ts'
import type { VendorFact } from './words.ts'

type Schema = z.ZodType

/** How secrets become credentials on a request. Data, so that a connector never holds a secret. */
export type Credentials =
  | { kind: 'none' }
  | { kind: 'bearer'; secret: string }
  | { kind: 'basic'; user: string; password: string }
  /** A key in a header of the vendor's own, or in the query. */
  | { kind: 'header'; header: string; secret: string }
  | { kind: 'query'; parameter: string; secret: string }
  /** OAuth 2 client credentials: id and secret fetch a token that goes as `Bearer`. `tokenUrl` must be a host of the vendor. */
  | { kind: 'client-credentials'; tokenUrl: string; id: string; secret: string; scope?: string }

/** How a webhook proves where it comes from. All are checked over the raw bytes, in constant time, and fail closed. */
export type Signature =
  | { kind: 'none' }
  | { kind: 'ed25519'; header: string; encoding: 'base64' | 'hex'; publicKey: string }
  | { kind: 'rsa-sha256'; header: string; encoding: 'base64' | 'hex'; publicKey: string }
  | { kind: 'hmac-sha256'; header: string; encoding: 'base64' | 'hex'; secret: string }

/**
 * A limit on calls, kept by the quota governor. `by` says who shares a bucket: everyone with this connection's account
 * (`connection`), or all calls of the connector. Header names feed back what the vendor counts (`resetMs`: ms until it counts anew, or the
 * epoch ms of that moment). Limits over an hour and more are budgets: counted, kept over restarts, a tenth left to live events.
 */
export type Limit = {
  max: number
  per: Duration
  by: 'connection' | 'connector'
  headers?: { max?: string; remaining?: string; intervalMs?: string; resetMs?: string }
  facts?: readonly VendorFact[]
}

/** An option of a vendor choice list. */
/** `key`: what the vendor calls the same thing in every account, such as the key of a custom field. */
export type Choice = { value: string; label: string; hint?: string; key?: string }

/** A list of choices that comes from the vendor; `given` names sibling inputs it depends on. */
export type ChoiceList<Connection> = {
  scopes: readonly string[]
  given?: readonly string[]
  rows(call: Call<Record<string, unknown>, Connection>): Promise<readonly Choice[]>
}

/** Answers the vendor takes as "send again later", and those it takes as final (contracts, webhook sections). */
export type WebhookRules = {
  /** All signatures that are accepted; one valid one is enough, a present but invalid one refuses. */
  signatures: readonly Signature[]
  topic(delivery: { headers: Readonly<Record<string, string>>; body: unknown }): string
  /** A vendor whose app has one URL for all its accounts. Absent: an address at the vendor serves one account. */
  shared?: SharedAddress
  /** The vendor's own id of the delivery; absent: hash of topic and raw body. */
  deliveryId?(delivery: { headers: Readonly<Record<string, string>>; body: unknown }): string | undefined
  /** Status that makes this vendor deliver again when Couplet is overloaded. */
  overloadStatus: 429 | 503 | 200
  /** Headers that only this vendor sends, in lower case: by them a delivery is known to be its own while its address cannot be looked up. */
  senderHeaders?: readonly string[]
  /** Whoever sends here is no vendor with rules of its own: a person may choose, for each trigger, a secret that must come along. */
  takesOwnProof?: boolean
  /** What a person does by hand at the vendor to register the URL. */
  setUp: string
}

export type SharedAddress = {
  /** Facts of the connections a delivery is meant for (`locationId`); empty when it does not say. */
  tenant(body: unknown): Record<string, string>
  /** What a person does by hand at the vendor to register the app's address. */
  setUp: string
}

export type ConnectorSpec<Scopes extends Record<string, string>, C extends z.ZodObject, S extends z.ZodObject> = {
  id: string
  title: string
  summary: string
  /** Base URL; a connection may name another (white label, sandbox). */
  origin: string
  headers?: Record<string, string>
  /** Facts of a connection that are not secret; shown, and given to operations. */
  connection: C
  /** What must be kept secret; entered once, never shown again. */
  secrets: S
  credentials: Credentials
  /** Offline check of what was typed (formats that belong together): field → message. */
  checkEntered?(entered: { facts: z.output<C>; secrets: z.output<S> }): Record<string, string> | undefined
  /** Asks the vendor whether the credentials work; returns lines for the person, throws a fault when they do not. */
  test(call: Call<Record<string, never>, z.output<C>>): Promise<ConnectionTest>
  /** Connecting by the vendor's consent page instead of by secrets that a person pastes. */
  oauth?: OAuthRules
  /**
   * Domains of the vendor. A secret of a live connection goes to these and what is under them, and to hosts the operator allowed (white label);
   * default: the host of `origin` alone.
   */
  hosts?: readonly string[]
  scopes: Scopes
  /** Where a person grants a scope. */
  scopesGrantedAt?: string
  limits: Record<string, Limit>
  /** Reads the vendor's answer: a fault, or `undefined` when it is a success. Called for every answer, 2xx too. */
  fault(response: {
    status: number
    headers: Readonly<Record<string, string>>
    body: unknown
    method: string
    path: string
    /** How the connection got its token, so that the words fit. */
    isOAuth: boolean
  }): VendorFault | undefined
  /** The vendor's id of the exchange, from header or body. */
  traceId?(response: { headers: Readonly<Record<string, string>>; body: unknown }): string | undefined
  webhooks?: WebhookRules
  /** True for the built-in connector: no connection, and calls may go to any allowed host. */
  isBuiltIn?: boolean
}

/** What a test of a connection found. `has` and `lacks`: permissions it saw granted and refused; of all others it knows nothing. */
export type ConnectionTest = { ok: string[]; warnings: string[]; has?: readonly string[]; lacks?: readonly string[] }

/** Why a vendor call failed. Words are for people; `retryAfterMs` as the vendor said. */
export type VendorFault = Pick<FaultFacts, 'kind' | 'message' | 'hint' | 'fields' | 'scope' | 'details'> & {
  code?: string
  retryAfterMs?: number
}

/**
 * Declares a connector. The returned builder types its operations: scopes must be declared ones, connection facts are typed.
 */
export function defineConnector<const Scopes extends Record<string, string>, C extends z.ZodObject, S extends z.ZodObject>(
  spec: ConnectorSpec<Scopes, C, S>,
) {
  type Scope = keyof Scopes & string
  type Conn = z.output<C>
  return {
    spec,
    action: <I extends Schema, O extends Schema>(action: Action<Scope, Conn, I, O>) => ({
      kind: 'action' as const,
      connector: spec.id,
      ...action,
    }),
    trigger: <I extends Schema, O extends Schema, Item = unknown>(trigger: Trigger<Scope, Conn, I, O, Item>) => ({
      kind: 'trigger' as const,
      connector: spec.id,
      ...trigger,
    }),
    list: (list: ChoiceList<Conn>) => list,
  }
}
