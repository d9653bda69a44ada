import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type Fault, userFault } from '@couplet/core'
import { type Key, KEY_ID_BYTES, type KeyRing } from './key-ring.ts'

/**
 * Secrets at rest: AES-256-GCM in envelopes. Each record has a data key of its own, and that key is wrapped by the current key of
 * the ring; changing the ring's key re-wraps 32 bytes and never touches the data. Both layers are bound to the `aad` (the id of
 * what the secret belongs to), so an envelope moved to another row does not open.
 *
 * Envelope, version 1 (bytes): version 1 · key id 8 · nonce 12 · wrapped data key 32 · tag 16 · nonce 12 · data n · tag 16.
 */
export type Vault = {
  /** Encrypts; the answer differs each time. */
  seal(plain: Uint8Array | string, aad: string): Uint8Array
  /** Decrypts. Throws `vault.key_missing`, `vault.envelope_damaged` or `vault.envelope_unknown`, never answers doubtful bytes. */
  open(envelope: Uint8Array, aad: string): Uint8Array
  /** As `open`, for text. */
  openText(envelope: Uint8Array, aad: string): string
  /** The same data under the ring's current key. Throws as `open` does when the old key is unknown or the wrapping is damaged. */
  rewrap(envelope: Uint8Array, aad: string): Uint8Array
  /** True when the envelope is not under the ring's current key. */
  needsRewrap(envelope: Uint8Array): boolean
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const DATA_KEY_BYTES = 32
const WRAP_AT = 1 + KEY_ID_BYTES
const DATA_AT = WRAP_AT + NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES
const ENVELOPE_BYTES_MIN = DATA_AT + NONCE_BYTES + TAG_BYTES

/** A vault over a key ring: the first key seals, every key opens. A function is asked for the ring at every use. */
export function createVault(keyRing: KeyRing | (() => KeyRing)): Vault {
  const ring = typeof keyRing === 'function' ? keyRing : () => keyRing

  const wrap = (dataKey: Uint8Array, aad: string): Buffer => {
    const [current] = ring()
    const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(current.id, 'hex')])
    return Buffer.concat([head, encrypt(current.bytes, dataKey, wrapAad(current, aad))])
  }

  const unwrap = (envelope: Uint8Array, aad: string): Uint8Array => {
    const id = keyIdOf(envelope)
    const key = ring().find((one) => one.id === id)
    if (key === undefined) throw keyMissing(id)
    return decrypt(key.bytes, envelope.subarray(WRAP_AT, DATA_AT), wrapAad(key, aad))
  }

  const open = (envelope: Uint8Array, aad: string): Uint8Array =>
    new Uint8Array(decrypt(unwrap(envelope, aad), envelope.subarray(DATA_AT), dataAad(aad)))

  return {
    open,
    openText: (envelope, aad) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(open(envelope, aad)),
    seal(plain, aad) {
      const dataKey = randomBytes(DATA_KEY_BYTES)
      const data = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain
      return new Uint8Array(Buffer.concat([wrap(dataKey, aad), encrypt(dataKey, data, dataAad(aad))]))
    },
    rewrap: (envelope, aad) => new Uint8Array(Buffer.concat([wrap(unwrap(envelope, aad), aad), envelope.subarray(DATA_AT)])),
    needsRewrap: (envelope) => keyIdOf(envelope) !== ring()[0].id,
  }
}

/** Two purposes, two prefixes: a wrapped key can never pass for data. */
const wrapAad = (key: Key, aad: string): Buffer => Buffer.from(`couplet vault ${VERSION} key ${key.id}\0${aad}`, 'utf8')
const dataAad = (aad: string): Buffer => Buffer.from(`couplet vault ${VERSION} data\0${aad}`, 'utf8')

function keyIdOf(envelope: Uint8Array): string {
  if (envelope.length < ENVELOPE_BYTES_MIN) throw damaged()
  if (envelope[0] !== VERSION)
    throw userFault({
      code: 'vault.envelope_unknown',
      message: `A saved secret has a format (${envelope[0]}) that this Couplet does not know.`,
      hint: 'It was saved by a newer Couplet, or it is damaged. Install the newer one, or enter the secret again.',
    })
  return Buffer.from(envelope.subarray(1, WRAP_AT)).toString('hex')
}

function encrypt(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, box: Uint8Array, aad: Uint8Array): Uint8Array {
  const tagAt = box.length - TAG_BYTES
  const cipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  cipher.setAAD(aad).setAuthTag(box.subarray(tagAt))
  try {
    return Buffer.concat([cipher.update(box.subarray(NONCE_BYTES, tagAt)), cipher.final()])
  } catch (thrown) {
    throw damaged(thrown)
  }
}

const damaged = (cause?: unknown): Fault =>
  userFault(
    {
      code: 'vault.envelope_damaged',
      message: 'A saved secret was changed since it was saved, or belongs to something else; it was not opened.',
      hint: 'Enter the secret again. If many are affected, restore the database from a backup.',
    },
    cause,
  )

const keyMissing = (id: string): Fault =>
  userFault({
    code: 'vault.key_missing',
    message: `The key that a saved secret was sealed with (${id}) is not among the keys of this Couplet.`,
    hint: 'Put the earlier key back: after the current one in COUPLET_KEY, or the file couplet.key into the data folder.',
    details: { keyId: id },
  })
