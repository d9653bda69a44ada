import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { action } from './action.ts'
import type { Highlevel } from './context.ts'
import { rowBy } from './lookup.ts'
import { send } from './webhooks/emit.ts'
import { EVENTS, sampleBody } from './webhooks/samples.ts'
import { withRsa } from './webhooks/sign.ts'

const DUPLICATES_MAX = 20

const Fire = z.strictObject({
  event: z.string(),
  locationId: z.string().optional(),
  /** Members laid over the sample body. */
  body: z.record(z.string(), z.unknown()).optional(),
  form: z.enum(['flat', 'wrapped']).optional(),
  url: z.url().optional(),
  /** True: one copy more; a number: that many more. */
  duplicate: z.union([z.boolean(), z.int().min(0).max(DUPLICATES_MAX)]).optional(),
  delayMs: z.number().nonnegative().optional(),
  forged: z.boolean().optional(),
  unsigned: z.boolean().optional(),
  /** Held back until the next delivery has gone: reorders the two. */
  held: z.boolean().optional(),
})
const SetUrl = z.strictObject({ url: z.union([z.url(), z.literal('')]), event: z.string().optional(), appId: z.string().optional() })

/** Webhooks: registered in the marketplace by hand, never by API. An empty `url` removes one. */
export function webhookActions(context: Highlevel): Record<string, ControlAction> {
  const { state } = context
  return {
    'set-webhook-url': action("Set the app's webhook URL, for one event or as the default", SetUrl, ({ url, event, appId }) => {
      const app = appId === undefined ? state.apps[0] : rowBy(state.apps, 'appId', appId)
      if (!app) throw new Error('There is no such app.')
      if (event === undefined) app.defaultWebhookUrl = url
      else if (!EVENTS.includes(event)) throw new Error(`Unknown event. There are: ${EVENTS.join(', ')}.`)
      else if (url === '') delete app.eventWebhookUrls[event]
      else app.eventWebhookUrls[event] = url
      return { defaultWebhookUrl: app.defaultWebhookUrl, eventWebhookUrls: app.eventWebhookUrls }
    }),
    'fire-webhook': action('Fire a webhook', Fire, async (given) => {
      const locationId = given.locationId ?? state.locations[0]?.id ?? ''
      const sample = sampleBody(context, given.event, locationId)
      if (!sample) throw new Error(`Unknown event. There are: ${EVENTS.join(', ')}.`)
      const { webhookId, urls, deliveries } = await send(
        context,
        given.event,
        locationId,
        { ...sample, ...given.body },
        {
          form: given.form,
          url: given.url,
          duplicates: Number(given.duplicate ?? 0),
          delayMs: given.delayMs,
          isForged: given.forged,
          isUnsigned: given.unsigned,
          isHeld: given.held,
        },
      )
      return { webhookId, urls, deliveries: deliveries.map(({ deliveryId, url, status, error }) => ({ deliveryId, url, status, error })) }
    }),
    'resume-webhook-url': action('Resume a URL the circuit breaker paused', z.strictObject({ url: z.string() }), ({ url }) => {
      for (const endpoint of state.webhookEndpoints)
        if (endpoint.url === url) Object.assign(endpoint, { isPaused: false, sent: 0, succeeded: 0, windowStartedAt: context.clock.now() })
    }),
    'resend-webhook': action('Send a delivery of the log again', z.strictObject({ deliveryId: z.string() }), ({ deliveryId }) => {
      const delivery = state.deliveries.find((row) => row.deliveryId === deliveryId)
      if (!delivery) throw new Error('There is no such delivery.')
      const { webhookId, event, url, rawBody } = delivery
      state.pendingDeliveries.push({
        deliveryId,
        webhookId,
        event,
        url,
        rawBody,
        signing: 'own-key',
        attempt: 1,
        dueAt: context.clock.now(),
      })
    }),
    'webhook-keys': action('Show the public keys that webhooks are signed with', z.strictObject({}), () => {
      const keys = withRsa(state.webhookKeys)
      return { ed25519: keys.ed25519Public, rsa: keys.rsaPublic }
    }),
  }
}
