import type { WebhookRules } from '@couplet/connector-sdk'

export const EVENTS = {
  stageChanged: 'project.pipelineStageChanged',
  invoicePaid: 'invoice.fullyPaid',
  eventCreated: 'scheduledEvent.created',
} as const

/**
 * Payaca signs the raw body with the secret the person chose (CONFIRMED: HMAC-SHA256, hex). A 2xx or 4xx ends delivery for good, so an
 * overloaded Couplet answers 503. There is no delivery id and no timestamp.
 */
export const webhooks: WebhookRules = {
  signatures: [{ kind: 'hmac-sha256', header: 'x-payaca-signature', encoding: 'hex', secret: 'webhookSecret' }],
  topic: ({ headers }) => headers['x-payaca-event'] ?? 'unknown',
  overloadStatus: 503,
  senderHeaders: ['x-payaca-signature', 'x-payaca-event'],
  setUp:
    'In Payaca open My Company, Integrations, Create webhook. Give it a name, paste this address, tick the events, and enter a secret of your own; enter the same secret in the Payaca connection here. Payaca never shows it again.',
}

/** Same delivery, same key: Payaca gives no id, so event and body are the identity (contract, section 4). */
export const deliveryKey = (topic: string, bodySha256: string): string => `py.event:${topic}:${bodySha256}`
