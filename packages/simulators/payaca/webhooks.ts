import { createHmac } from 'node:crypto'
import { nextId, type PayacaContext, type Webhook, type WebhookDelivery, type WebhookEvent } from './state.ts'
import { assumes } from './state.ts'

const DELIVERIES_MAX = 200

const inFlight = new WeakMap<PayacaContext, Set<string>>()

/** HMAC-SHA256 in hex over the whole raw body, the key being the secret typed into the web app (CONFIRMED). */
const signature = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex')

/** Puts one event into the queue of every webhook that chose it. `delayMs` and `isForged` are for tests. */
export function announce(
  context: PayacaContext,
  event: WebhookEvent,
  payload: object,
  how: { delayMs?: number; isForged?: boolean; webhookId?: string } = {},
): void {
  const { state } = context
  for (const webhook of state.webhooks) {
    if (!webhook.events.includes(event) || (how.webhookId !== undefined && webhook.id !== how.webhookId)) continue
    state.deliveries.push({
      id: nextId(state, 'd'),
      webhookId: webhook.id,
      event,
      body: JSON.stringify(payload),
      isForged: how.isForged ?? false,
      attempts: [],
      state: 'pending',
      nextAt: context.clock.now() + (how.delayMs ?? 0),
    })
  }
  const finished = state.deliveries.filter(({ nextAt }) => nextAt === null)
  const surplus = new Set(finished.slice(0, Math.max(0, state.deliveries.length - DELIVERIES_MAX)))
  state.deliveries = state.deliveries.filter((delivery) => !surplus.has(delivery))
  context.touch()
}

async function attempt(context: PayacaContext, webhook: Webhook, delivery: WebhookDelivery): Promise<void> {
  const outcome = await fetch(webhook.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-payaca-event': delivery.event,
      'x-payaca-signature': signature(delivery.isForged ? `not ${webhook.secret}` : webhook.secret, delivery.body),
    },
    body: delivery.body,
    redirect: 'manual',
    signal: AbortSignal.timeout(context.setting('webhookTimeoutMs')),
  }).then(
    async (response) => {
      await response.body?.cancel()
      return { status: response.status, error: null }
    },
    (error: unknown) => ({ status: null, error: error instanceof Error ? error.message : String(error) }),
  )
  delivery.attempts.push({ at: new Date(context.clock.now()).toISOString(), ...outcome })
  Object.assign(delivery, afterAttempt(context, delivery, outcome.status))
  context.touch()
}

/** 2xx and 4xx end a delivery (CONFIRMED); everything else is tried again later. The schedule is ASSUMED. */
function afterAttempt(context: PayacaContext, delivery: WebhookDelivery, status: number | null): Pick<WebhookDelivery, 'state' | 'nextAt'> {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', nextAt: null }
  if (status !== null && status >= 400 && status < 500) return { state: 'refused', nextAt: null }
  const tried = delivery.attempts.length
  if (!assumes(context, 'webhookBackoff') || tried >= context.setting('webhookAttemptsMax')) return { state: 'given-up', nextAt: null }
  return { state: 'pending', nextAt: context.clock.now() + context.setting('webhookFirstRetryMs') * 2 ** (tried - 1) }
}

/** Sends what is due on the simulator's clock, in order of due time. A delivery under way is not sent twice. */
export function sendDueWebhooks(context: PayacaContext): void {
  const running = inFlight.get(context) ?? new Set<string>()
  inFlight.set(context, running)
  const now = context.clock.now()
  const due = context.state.deliveries.filter(({ id, nextAt }) => nextAt !== null && nextAt <= now && !running.has(id))
  for (const delivery of due) {
    const webhook = context.state.webhooks.find(({ id }) => id === delivery.webhookId)
    if (!webhook) {
      Object.assign(delivery, { state: 'given-up', nextAt: null })
      continue
    }
    running.add(delivery.id)
    void attempt(context, webhook, delivery).finally(() => running.delete(delivery.id))
  }
}
