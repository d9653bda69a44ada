import type { WebhookRules } from '@couplet/connector-sdk'
import { WEBHOOK_EVENTS } from './webhook-events.ts'

/** Topic of a delivery whose body does not tell its event: about a third of the events carry no name (CONFIRMED). */
export const UNNAMED = 'unnamed'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const byNameInBody = new Map([
  ...WEBHOOK_EVENTS.map((event) => [event.name, event.name] as const),
  ...WEBHOOK_EVENTS.flatMap((event) => (event.nameInBody === undefined ? [] : [[event.nameInBody, event.name] as const])),
])

/** The event's own members: bodies are flat, or wrapped in `data` beside a `webhookId` (both CONFIRMED). */
export function unwrap(body: unknown): Record<string, unknown> {
  if (!isObject(body)) return {}
  return isObject(body['data']) && text(body['webhookId']) !== undefined ? body['data'] : body
}

/** The event's name; `unnamed` when the body has none, or uses `type` for something else (prices, documents). */
export function topicOf(body: unknown): string {
  const outer = isObject(body) ? text(body['type']) : undefined
  const inner = unwrap(body)
  for (const said of [outer, text(inner['type'])]) {
    const name = said === undefined ? undefined : byNameInBody.get(said)
    if (name !== undefined) return name
  }
  const type = text(inner['type']) ?? outer
  if ((type === 'SMS' || type === 'Email') && text(inner['messageId']) !== undefined) return 'ProviderOutboundMessage'
  return UNNAMED
}

/** The sub-account a delivery is about, or the agency when it names none. Documents of a sub-account carry it as `altId`. */
export function tenantOf(body: unknown): { locationId?: string; companyId?: string } {
  const event = unwrap(body)
  const topic = topicOf(body)
  const location =
    text(event['locationId']) ??
    (event['altType'] === 'location' ? text(event['altId']) : undefined) ??
    (topic === 'LocationUpdate' || topic === 'LocationCreate' ? text(event['id']) : undefined)
  if (location !== undefined) return { locationId: location }
  const company = text(event['companyId'])
  return company === undefined ? {} : { companyId: company }
}

/** The vendor's id of the delivery; the same for every retry of it. */
export const deliveryIdOf = (body: unknown): string | undefined => (isObject(body) ? text(body['webhookId']) : undefined)

/** When the vendor says it happened: `timestamp` beside the event, as text or epoch ms; else `fallback`. */
export function happenedAt(body: unknown, fallback: string): string {
  const outer = isObject(body) ? body['timestamp'] : undefined
  const said = outer ?? unwrap(body)['timestamp']
  const at = typeof said === 'number' ? said : Date.parse(text(said) ?? '')
  return Number.isFinite(at) ? new Date(at).toISOString() : fallback
}

/*
 * The vendor's public keys (CONFIRMED), as PEM. HighLevel warns that they rotate, and the sandbox signs with its own: the runtime lets
 * an installation put others in their place.
 */
const ED25519_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=
-----END PUBLIC KEY-----`
const RSA_KEY = `-----BEGIN PUBLIC KEY-----
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSC
Frm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6
dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfB
csedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpv
uxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF
3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKU
J062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXp
IocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzN
h/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhC
HULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJ
PQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAyk
T1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==
-----END PUBLIC KEY-----`

/**
 * Webhooks of HighLevel. Overload answers 429: by the vendor's help page it is the only answer that is sent again (sources disagree).
 * `X-GHL-Signature` may hold the text "N/A" for an unsigned delivery (REPORTED); that is a present but invalid signature, so it is refused.
 */
export const webhooks: WebhookRules = {
  signatures: [
    { kind: 'ed25519', header: 'x-ghl-signature', encoding: 'base64', publicKey: ED25519_KEY },
    { kind: 'rsa-sha256', header: 'x-wh-signature', encoding: 'base64', publicKey: RSA_KEY },
  ],
  topic: ({ body }) => topicOf(body),
  // One app, one URL, for all locations and events (CONFIRMED).
  shared: {
    tenant: (body) => ({ ...tenantOf(body) }),
    setUp:
      'Register this one address in your app: in the marketplace open the app, Advanced settings, Webhooks, paste it as the default webhook URL and save. It serves all locations and all flows; the app needs the permissions of the events. About a third of the events carry no name: register the address of the trigger itself beside those.',
  },
  deliveryId: ({ body }) => deliveryIdOf(body),
  overloadStatus: 429,
  // The signatures (CONFIRMED), and the id of a delivery (REPORTED).
  senderHeaders: ['x-ghl-signature', 'x-wh-signature', 'x-ghl-delivery-id'],
  setUp:
    'Only a marketplace app gets webhooks; a Private Integration Token has none. In the app, open Advanced settings, Webhooks, paste the address of the trigger beside its event and save. One address for all flows and locations of the app is under Connections, App address. The app needs the permission the event asks for.',
}
