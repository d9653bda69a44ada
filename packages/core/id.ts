/** Ids are a prefix and a UUIDv7 in base32 (Crockford, lower case): sortable by time, safe in URLs, telling what they name. */

declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

export type WorkspaceId = Id<'workspace'>
export type ConnectionId = Id<'connection'>
export type FlowId = Id<'flow'>
export type TriggerId = Id<'trigger'>
export type DeliveryId = Id<'delivery'>
export type RunId = Id<'run'>
export type TableId = Id<'table'>
export type TaskId = Id<'task'>
export type ArtifactId = Id<'artifact'>
export type ProposalId = Id<'proposal'>
export type IncidentId = Id<'incident'>
export type OAuthAppId = Id<'oauth app'>
export type GrantId = Id<'grant'>
export type ConnectLinkId = Id<'connect link'>
export type AlertChannelId = Id<'alert-channel'>
export type AlertRuleId = Id<'alert-rule'>
export type AlertId = Id<'alert'>
export type AlertMessageId = Id<'alert-message'>
export type PersonId = Id<'person'>
export type SessionId = Id<'session'>
export type InvitationId = Id<'invitation'>
export type TokenId = Id<'token'>
export type AuditId = Id<'audit'>

type IdByPrefix = {
  ws: WorkspaceId
  con: ConnectionId
  flow: FlowId
  trg: TriggerId
  dlv: DeliveryId
  run: RunId
  tbl: TableId
  task: TaskId
  art: ArtifactId
  inc: IncidentId
  prp: ProposalId
  oap: OAuthAppId
  grt: GrantId
  lnk: ConnectLinkId
  chn: AlertChannelId
  rule: AlertRuleId
  alr: AlertId
  msg: AlertMessageId
  per: PersonId
  ses: SessionId
  inv: InvitationId
  tok: TokenId
  aud: AuditId
  /** One request to the API. */
  req: string
  /** Rows nobody names: credentials, second factors. */
  key: string
}
export type IdPrefix = keyof IdByPrefix

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
let lastMs = 0
let counter = 0
const random = new Uint8Array(8)

/**
 * A new id: 48 bits of time, a 12-bit counter that keeps ids of one ms in order, 62 random bits (RFC 9562, version 7 layout).
 */
export function newId<Prefix extends IdPrefix>(prefix: Prefix, nowMs: number = Date.now()): IdByPrefix[Prefix] {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = 0
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  crypto.getRandomValues(random)
  let bits = (BigInt(lastMs) << 80n) | (0x7n << 76n) | (BigInt(counter) << 64n)
  let low = 0n
  for (const byte of random) low = (low << 8n) | BigInt(byte)
  bits |= (low & 0x3fffffffffffffffn) | 0x8000000000000000n
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text
    bits >>= 5n
  }
  return `${prefix}_${text}` as IdByPrefix[Prefix]
}

const ID = /^([a-z]+)_([0-9a-hjkmnp-tv-z]{26})$/

/** Narrows text from outside to an id of this prefix; `undefined` when it is something else. */
export function asId<Prefix extends IdPrefix>(prefix: Prefix, text: string): IdByPrefix[Prefix] | undefined {
  return ID.exec(text)?.[1] === prefix ? (text as IdByPrefix[Prefix]) : undefined
}

/** When an id was made (epoch ms): its first ten characters. */
export function timeOfId(id: string): number {
  const text = id.slice(id.indexOf('_') + 1)
  let ms = 0
  for (const character of text.slice(0, 10)) ms = ms * 32 + ALPHABET.indexOf(character)
  return ms
}
