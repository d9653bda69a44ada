import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Environment, Instant, NoParams, NoQuery } from '../shapes.ts'

/** The last delivery of a kind. `reason`: why no flow got it. */
const SightingView = z.object({ at: Instant, topic: z.string(), tenant: z.string(), reason: z.string().nullable() }).nullable()

const AppAddressView = z.object({
  connector: z.string(),
  connectorTitle: z.string(),
  environment: Environment,
  /** The address to register in the app; null until it is made. */
  url: z.string().nullable(),
  madeAt: Instant.nullable(),
  /** What a person does at the vendor to register it. */
  setUp: z.string(),
  /** As of a few seconds ago. */
  lastHeard: SightingView,
  lastUnheard: SightingView,
  lastRefused: SightingView,
})
export type AppAddressView = z.output<typeof AppAddressView>

export const appAddresses = {
  list: endpoint({
    id: 'appAddresses.list',
    method: 'GET',
    path: '/api/app-addresses',
    summary: 'The one webhook address for each vendor’s app, and what came there last',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ addresses: z.array(AppAddressView) }),
    errors: [],
  }),
  replace: endpoint({
    id: 'appAddresses.replace',
    method: 'POST',
    path: '/api/app-addresses/:connector',
    summary: 'Makes the webhook address of an app, or puts a new one in its place; the old one ends within seconds',
    permission: 'connections.write',
    audit: 'webhooks.app_address_replaced',
    params: z.object({ connector: z.string() }),
    query: NoQuery,
    body: z.strictObject({ environment: Environment }),
    reply: AppAddressView,
    errors: ['connector.no_app_address'],
  }),
} as const
