import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import type { WebhookKeys } from '../state.ts'

const RSA_BITS = 2_048

/** The simulator's own key pairs: receivers must take public keys from configuration. RSA is made when first wanted, for it is slow. */
export function newWebhookKeys(): WebhookKeys {
  const pair = generateKeyPairSync('ed25519')
  return {
    ed25519Private: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    // SPKI DER in base64: the form in which HighLevel publishes its key.
    ed25519Public: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    rsaPrivate: '',
    rsaPublic: '',
  }
}

export function withRsa(keys: WebhookKeys): WebhookKeys {
  if (keys.rsaPrivate === '') {
    const pair = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
    keys.rsaPrivate = pair.privateKey.export({ type: 'pkcs8', format: 'pem' })
    keys.rsaPublic = pair.publicKey.export({ type: 'spki', format: 'pem' })
  }
  return keys
}

/** Base64 Ed25519 over the raw bytes (X-GHL-Signature, CONFIRMED). */
export const ed25519Signature = (privatePem: string, rawBody: string): string =>
  sign(null, Buffer.from(rawBody), createPrivateKey(privatePem)).toString('base64')

/** Base64 RSA-SHA256 over the raw bytes (x-wh-signature, the older header). */
export const rsaSignature = (privatePem: string, rawBody: string): string =>
  sign('sha256', Buffer.from(rawBody), createPrivateKey(privatePem)).toString('base64')
