import { generateKeyPairSync } from 'node:crypto'
import { type Highlevel, isOn, nowIso } from '../context.ts'
import { objectId } from '../ids.ts'
import type { Delivery, PendingDelivery, WebhookEndpoint } from '../state.ts'
import { ed25519Signature, rsaSignature, withRsa } from './sign.ts'

const TIMEOUT_MS = 10_000
const LOG_MAX = 500
const MINUTE_MS = 60_000
const BREAKER = { windowMs: 3 * 86_400_000, sentMin: 10_000, shareMin: 0.9 }

let foreignKey: string | undefined
/** A key that is not the simulator's: forged deliveries are signed with it. */
const wrongKey = (): string => (foreignKey ??= generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))

function headersOf(context: Highlevel, delivery: PendingDelivery): Record<string, string> {
  const keys = context.state.webhookKeys
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'HighLevel-Webhooks' }
  if (delivery.signing !== 'none') {
    headers['X-GHL-Signature'] = ed25519Signature(delivery.signing === 'own-key' ? keys.ed25519Private : wrongKey(), delivery.rawBody)
    if (isOn(context, 'webhookRsaHeader') && delivery.signing === 'own-key')
      headers['x-wh-signature'] = rsaSignature(withRsa(keys).rsaPrivate, delivery.rawBody)
  } else if (isOn(context, 'webhookNotSignedText')) headers['X-GHL-Signature'] = 'N/A'
  if (isOn(context, 'webhookDeliveryIdHeader')) headers['x-ghl-delivery-id'] = objectId()
  return headers
}

/**
 * When the next attempt comes, or `undefined` for none. Sources disagree, so the rule is a setting (ASSUMED): `only-429` 6 times
 * about every 10 minutes, or `non-2xx` up to 12 times with exponential backoff. Strict mode follows neither: one delivery.
 */
function retryDelayMs(context: Highlevel, attempt: number, status: number): number | undefined {
  const rule = context.isStrict() ? 'none' : context.setting('webhookRetryRule')
  const jitter = 1 + Math.random() * 0.1
  if (rule === 'only-429' && status === 429 && attempt <= 6) return 10 * MINUTE_MS * jitter
  const isSuccess = status >= 200 && status < 300
  if (rule === 'non-2xx' && !isSuccess && attempt <= 12) return Math.min(MINUTE_MS * 2 ** (attempt - 1), 24 * 60 * MINUTE_MS) * jitter
  return undefined
}

function endpointAt(context: Highlevel, url: string): WebhookEndpoint {
  const { state, clock } = context
  let endpoint = state.webhookEndpoints.find((row) => row.url === url)
  if (!endpoint) {
    endpoint = { url, windowStartedAt: clock.now(), sent: 0, succeeded: 0, isPaused: false }
    state.webhookEndpoints.push(endpoint)
  }
  return endpoint
}

/** Counts an outcome; every 3 days a URL with too many failures is paused until a person resumes it (numbers CONFIRMED, timing ASSUMED). */
function countOutcome(context: Highlevel, url: string, isSuccess: boolean): void {
  const endpoint = endpointAt(context, url)
  endpoint.sent += 1
  if (isSuccess) endpoint.succeeded += 1
  if (context.clock.now() - endpoint.windowStartedAt < BREAKER.windowMs) return
  const isFailing = endpoint.sent > BREAKER.sentMin && endpoint.succeeded / endpoint.sent < BREAKER.shareMin
  Object.assign(endpoint, {
    windowStartedAt: context.clock.now(),
    sent: 0,
    succeeded: 0,
    isPaused: isFailing && isOn(context, 'webhookCircuitBreaker'),
  })
}

function record(context: Highlevel, delivery: Delivery): void {
  const { state } = context
  state.deliveries.push(delivery)
  if (state.deliveries.length > LOG_MAX) state.deliveries = state.deliveries.slice(-LOG_MAX)
}

async function post(context: Highlevel, delivery: PendingDelivery): Promise<{ status: number; error: string }> {
  try {
    const answer = await fetch(delivery.url, {
      method: 'POST',
      body: delivery.rawBody,
      headers: headersOf(context, delivery),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.body?.cancel()
    return { status: answer.status, error: '' }
  } catch (error) {
    return { status: 0, error: error instanceof Error ? error.message : String(error) }
  }
}

/** Sends one delivery, writes it to the log, and plans the next attempt if the rule has one. */
export async function attempt(context: Highlevel, delivery: PendingDelivery): Promise<Delivery> {
  const { state } = context
  const isPaused = endpointAt(context, delivery.url).isPaused
  const { status, error } = isPaused ? { status: 0, error: 'paused by the circuit breaker' } : await post(context, delivery)
  if (!isPaused) countOutcome(context, delivery.url, status >= 200 && status < 300)
  const delayMs = isPaused ? undefined : retryDelayMs(context, delivery.attempt, status)
  const dueAt = delayMs === undefined ? 0 : context.clock.now() + delayMs
  if (delayMs !== undefined) state.pendingDeliveries.push({ ...delivery, attempt: delivery.attempt + 1, dueAt })
  const { deliveryId, webhookId, event, url, rawBody } = delivery
  const done: Delivery = {
    deliveryId,
    webhookId,
    event,
    url,
    attempt: delivery.attempt,
    at: nowIso(context),
    status,
    error,
    willRetryAt: dueAt === 0 ? '' : new Date(dueAt).toISOString(),
    rawBody,
  }
  record(context, done)
  const held = state.heldDeliveries
  state.heldDeliveries = []
  for (const late of held) await attempt(context, late)
  context.touch()
  return done
}

/** Sends what has become due by the simulator's clock: late deliveries and retries. */
export function sendDue(context: Highlevel): void {
  const { state, clock } = context
  const due = state.pendingDeliveries.filter((row) => row.dueAt <= clock.now())
  if (due.length === 0) return
  state.pendingDeliveries = state.pendingDeliveries.filter((row) => row.dueAt > clock.now())
  for (const delivery of due) void attempt(context, delivery)
}
