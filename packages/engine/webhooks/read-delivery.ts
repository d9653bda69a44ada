import { createHash, hash } from 'node:crypto'
import { userFault } from '@couplet/core'
import type { WebhookRules } from '@couplet/connector-sdk'

const DEPTH_MAX = 100
const VENDOR_ID_CHARS_MAX = 200
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** How deep brackets nest, strings left out; stops counting above `max`. Runs before parsing, in one pass over the bytes. */
function depthOf(raw: Uint8Array, max: number): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at]
    if (isInString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth++
      if (depth > deepest) deepest = depth
      if (deepest > max) return deepest
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return deepest
}

/**
 * The body of a delivery as data. The caller bounds its size. Throws a user fault (`delivery.…`) when it is not UTF-8, not JSON, or
 * nested deeper than 100 levels, which no vendor sends and which costs whatever walks it later.
 */
export function parseDelivery(raw: Uint8Array): unknown {
  if (depthOf(raw, DEPTH_MAX) > DEPTH_MAX)
    throw userFault({
      code: 'delivery.too_deep',
      message: `The delivery is nested deeper than ${DEPTH_MAX} levels.`,
      hint: 'Couplet takes no such delivery.',
    })
  let text: string
  try {
    text = strictUtf8.decode(raw)
  } catch (error) {
    throw userFault(
      { code: 'delivery.not_utf8', message: 'The delivery is not UTF-8 text.', hint: 'Set the sender to JSON in UTF-8.' },
      error,
    )
  }
  try {
    const body: unknown = JSON.parse(text)
    return body
  } catch (error) {
    throw userFault(
      {
        code: 'delivery.not_json',
        message: text.trim() === '' ? 'The delivery is empty.' : 'The delivery is not JSON.',
        hint: 'Set the sender to JSON.',
      },
      error,
    )
  }
}

/**
 * What makes two deliveries the same one: the vendor's own id, else a hash of topic and raw body. Vendors send again what they think was
 * lost, and anyone who recorded a signed delivery can send it again; both find the key taken.
 */
export function deliveryKey(
  rules: Pick<WebhookRules, 'topic' | 'deliveryId'>,
  delivery: { raw: Uint8Array; headers: Readonly<Record<string, string>>; body: unknown },
): string {
  const id = rules.deliveryId?.(delivery)
  if (id !== undefined && id !== '') return id.length <= VENDOR_ID_CHARS_MAX ? `id:${id}` : `id-sha256:${hash('sha256', id)}`
  const topic = rules.topic(delivery)
  // The topic's length keeps "ab" + "c…" apart from "a" + "bc…".
  return `sha256:${createHash('sha256')
    .update(`${Buffer.byteLength(topic)}:${topic}`)
    .update(delivery.raw)
    .digest('hex')}`
}
