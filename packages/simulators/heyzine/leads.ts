import { newId } from '@couplet/core'
import type { Account, HeyzineContext, Lead, LeadDelivery } from './state.ts'

const ATTEMPTS_MAX = 4
const ANSWER_TIMEOUT_MS = 10_000
const DELIVERIES_MAX = 100
const FIRST_RETRY_MS = 60_000

const inFlight = new Set<string>()

function batchBody(context: HeyzineContext, hookId: string, leads: Lead[]): string {
  const leadBody = (lead: Lead) => ({
    date: lead.date,
    first_value: lead.answer[0]?.value ?? '',
    second_value: lead.answer[1]?.value ?? '',
    flipbook: { id: lead.flipbookId, title: context.state.flipbooks.find(({ id }) => id === lead.flipbookId)?.texts.title ?? '' },
    answer: lead.answer,
  })
  return JSON.stringify({ data: { id_webhook: hookId, date: new Date(context.clock.now()).toISOString(), leads: leads.map(leadBody) } })
}

/** Puts the account's waiting leads into one delivery, when the hook's interval has passed. */
function batchLeads(context: HeyzineContext, account: Account): void {
  const hook = account.leadsHook
  const waiting = context.state.leads.filter((lead) => lead.clientId === account.clientId && !lead.isSent)
  if (!hook || waiting.length === 0) return
  const now = context.clock.now()
  if (hook.sentAt !== null && now < hook.sentAt + hook.everyMinutes * 60_000) return
  const id = newId('dlv')
  const hookId = context.setting('leadsWebhookIdPer') === 'delivery' ? `wh_${id.slice(-12)}` : hook.id
  context.state.leadDeliveries.push({
    id,
    clientId: account.clientId,
    url: hook.url,
    body: batchBody(context, hookId, waiting),
    attempts: [],
    nextAt: now,
  })
  context.state.leadDeliveries = context.state.leadDeliveries.slice(-DELIVERIES_MAX)
  hook.sentAt = now
  for (const lead of waiting) lead.isSent = true
  context.touch()
}

/** One POST, unsigned (CONFIRMED). Sent once; again after 5xx or silence only when the ASSUMED retry is switched on. */
async function attempt(context: HeyzineContext, delivery: LeadDelivery): Promise<void> {
  const outcome = await fetch(delivery.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: delivery.body,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).then(
    async (response) => {
      await response.body?.cancel()
      return { status: response.status, error: null }
    },
    (error: unknown) => ({ status: null, error: error instanceof Error ? error.message : String(error) }),
  )
  delivery.attempts.push({ at: new Date(context.clock.now()).toISOString(), ...outcome })
  const mayRetry = !context.isStrict() && context.setting('leadsWebhookRetry') && delivery.attempts.length < ATTEMPTS_MAX
  const isLost = outcome.status === null || outcome.status >= 500
  delivery.nextAt = mayRetry && isLost ? context.clock.now() + FIRST_RETRY_MS * 2 ** (delivery.attempts.length - 1) : null
  context.touch()
}

/** Sends what is due now. Safe to call as often as wanted: a delivery under way is not sent twice. */
export async function sendDueLeads(context: HeyzineContext): Promise<void> {
  for (const account of context.state.accounts) batchLeads(context, account)
  const due = context.state.leadDeliveries.filter(({ id, nextAt }) => nextAt !== null && nextAt <= context.clock.now() && !inFlight.has(id))
  await Promise.all(
    due.map(async (delivery) => {
      inFlight.add(delivery.id)
      await attempt(context, delivery).finally(() => inFlight.delete(delivery.id))
    }),
  )
}
