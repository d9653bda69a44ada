import { hash, timingSafeEqual } from 'node:crypto'
import type { HookProof } from '@couplet/store'
import { type SignedDelivery, type Verification, verifyDelivery } from './verify-delivery.ts'

const SECRET = 'own'
/** What GitHub and those who do it like GitHub write before the signature (CONFIRMED). */
const HEX_PREFIX = /^sha256=/i

/** Whether a delivery carries the secret a person chose for its address, or was signed with it. Fails closed; the reason never holds the secret. */
export function verifyProof({ kind, header, secret }: HookProof, { raw, headers }: SignedDelivery): Verification {
  const value = headers[header]
  if (value === undefined) return { verified: false, how: 'nothing', reason: `the delivery has no header ${header}` }
  if (kind === 'hmac-sha256')
    return verifyDelivery(
      { signatures: [{ kind, header, encoding: 'hex', secret: SECRET }] },
      { raw, headers: { [header]: value.replace(HEX_PREFIX, '') } },
      { secrets: { [SECRET]: secret } },
    )
  // Hashes are of one length, whatever was sent: comparing them tells neither the length of the secret nor where they differ.
  const isSame = secret !== '' && timingSafeEqual(hash('sha256', value, 'buffer'), hash('sha256', secret, 'buffer'))
  return isSame
    ? { verified: true, how: 'secret' }
    : { verified: false, how: 'secret', reason: `${header}: the secret is not the one of this address` }
}
