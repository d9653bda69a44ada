import type { WebhookRules } from '@couplet/connector-sdk'
import { LeadDelivery } from './schemas/lead.ts'

export const LEAD_TOPIC = 'leads'

/**
 * Heyzine's only webhook. It is unsigned (CONFIRMED: none documented), so the unguessable address is all that protects it, and whether
 * it is ever sent again is unknown: an overloaded Couplet keeps the raw body and answers 200.
 */
export const leadsWebhook: WebhookRules = {
  signatures: [{ kind: 'none' }],
  topic: ({ body }) => (LeadDelivery.safeParse(body).success ? LEAD_TOPIC : 'unknown'),
  overloadStatus: 200,
  setUp:
    'In Heyzine open Account, then Scripts (heyzine.com/account/#scripts), paste this address as the webhook of the lead forms and choose how often it is called. Needs the Professional plan. One address serves all flipbooks of the account.',
}
