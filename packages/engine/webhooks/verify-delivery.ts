import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { BoundedMap } from '@couplet/core'
import type { Signature, WebhookRules } from '@couplet/connector-sdk'

/*
 * Says whether a delivery comes from the vendor. Fails closed: whatever is missing, unreadable or unknown refuses. Checked are the raw
 * bytes as they came; a body that was parsed and written again is another body.
 */

/** Header names in any case. */
export type SignedDelivery = { raw: Uint8Array; headers: Readonly<Record<string, string>> }

export type Verification = {
  verified: boolean
  /** The scheme that decided (`secret`: one that comes along as it is), `unsigned` for a delivery the rules accept without a signature, `nothing` when there was none to check. */
  how: 'ed25519' | 'rsa-sha256' | 'hmac-sha256' | 'secret' | 'unsigned' | 'nothing'
  /** Why it was refused, for the log; never sent back to the caller of the webhook. */
  reason?: string
}

export type VerificationKeys = {
  /** Secrets of the connection by name, for HMAC. */
  secrets: Readonly<Record<string, string>>
  /** Replace the vendor's published keys: vendors rotate them, and the sandbox signs with its own. PEM, or base64 of SPKI DER. */
  publicKeys?: Partial<Record<'ed25519' | 'rsa-sha256', string>>
}

/** What a vendor writes in the signature header of a delivery it did not sign (HighLevel, REPORTED). */
const NOT_SIGNED = 'N/A'
const publicKeys = new BoundedMap<string, KeyObject>(64)

const headerOf = (headers: Readonly<Record<string, string>>, name: string): string | undefined => {
  const lower = name.toLowerCase()
  const direct = headers[lower]
  if (direct !== undefined) return direct
  const found = Object.keys(headers).find((candidate) => candidate.toLowerCase() === lower)
  return found === undefined ? undefined : headers[found]
}

/** The bytes of a signature; `undefined` for any character that does not belong. Node's own decoding skips those silently. */
function decodeSignature(text: string, encoding: 'base64' | 'hex'): Buffer | undefined {
  if (encoding === 'hex') return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1 ? Buffer.from(text, 'base64') : undefined
}

function readPublicKey(text: string): KeyObject {
  const known = publicKeys.get(text)
  if (known) return known
  const key = text.includes('-----BEGIN')
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  publicKeys.set(text, key)
  return key
}

function checkPublicKey(kind: 'ed25519' | 'rsa-sha256', keyText: string, raw: Uint8Array, bytes: Buffer): string | undefined {
  let key: KeyObject
  try {
    key = readPublicKey(keyText)
  } catch {
    return 'the public key in the settings cannot be read'
  }
  // The scheme is the rule's, never the key's: else an RSA key set by mistake would check an Ed25519 header by another scheme.
  if (key.asymmetricKeyType !== (kind === 'ed25519' ? 'ed25519' : 'rsa')) return 'the public key in the settings is of another kind'
  return verify(kind === 'ed25519' ? null : 'sha256', raw, key, bytes) ? undefined : 'the signature does not fit the body'
}

/** Why the signature is not valid; `undefined` when it is. */
function fault(
  signature: Exclude<Signature, { kind: 'none' }>,
  value: string,
  raw: Uint8Array,
  keys: VerificationKeys,
): string | undefined {
  const bytes = decodeSignature(value, signature.encoding)
  if (!bytes) return `the signature is not ${signature.encoding}`
  if (signature.kind !== 'hmac-sha256')
    return checkPublicKey(signature.kind, keys.publicKeys?.[signature.kind] ?? signature.publicKey, raw, bytes)
  const secret = Object.hasOwn(keys.secrets, signature.secret) ? keys.secrets[signature.secret] : undefined
  if (secret === undefined || secret === '') return `the connection has no ${signature.secret} to check the signature with`
  const expected = createHmac('sha256', secret).update(raw).digest()
  // The length of a digest is no secret; comparing bytes of equal length takes the same time wherever they differ.
  return bytes.length === expected.length && timingSafeEqual(bytes, expected) ? undefined : 'the signature does not fit the body'
}

/**
 * Checks a delivery by the connector's rules. Every signature header that is present must be valid, and at least one must be there;
 * without any, only rules that contain `none` accept, which leaves the unguessable URL as the proof. `N/A` counts as no signature.
 */
export function verifyDelivery(rules: Pick<WebhookRules, 'signatures'>, delivery: SignedDelivery, keys: VerificationKeys): Verification {
  let valid: Verification | undefined
  for (const signature of rules.signatures) {
    if (signature.kind === 'none') continue
    const value = headerOf(delivery.headers, signature.header)?.trim()
    if (value === undefined || value === NOT_SIGNED) continue
    const reason = fault(signature, value, delivery.raw, keys)
    if (reason !== undefined) return { verified: false, how: signature.kind, reason: `${signature.header}: ${reason}` }
    valid ??= { verified: true, how: signature.kind }
  }
  if (valid) return valid
  if (rules.signatures.some((signature) => signature.kind === 'none')) return { verified: true, how: 'unsigned' }
  return { verified: false, how: 'nothing', reason: 'the delivery carries no signature' }
}
