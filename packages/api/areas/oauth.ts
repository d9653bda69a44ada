import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Done, Environment, FaultShape, Instant, NoParams, NoQuery } from '../shapes.ts'
import { ConnectionView } from './connections.ts'

const Address = z.url({ protocol: /^https?$/ }).nullable()
const Level = z.enum(['account', 'agency'])

/** The workspace's own app at a vendor; its secret is written only. */
export const OAuthAppView = z.object({
  id: z.string(),
  connector: z.string(),
  environment: Environment,
  name: z.string(),
  /** `account`: one account for each consent. `agency`: one consent for all accounts of an agency. */
  level: Level,
  clientId: z.string(),
  authorizeUrl: z.string().nullable(),
  origin: z.string().nullable(),
  usesPkce: z.boolean(),
  scopes: z.array(z.string()),
  /** What a consent would be asked for now: the app's permissions and those the flows need. */
  scopesAsked: z.array(z.string()),
  createdAt: Instant,
})
export type OAuthAppView = z.output<typeof OAuthAppView>

const AgencyAccountView = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().optional(),
  /** Whether the app is installed in the account, as far as the vendor said. */
  isInstalled: z.boolean(),
  /** The connection made for it. */
  connectionId: z.string().nullable(),
})
export const AgencyView = z.object({
  id: z.string(),
  appId: z.string(),
  connector: z.string(),
  environment: Environment,
  name: z.string(),
  facts: z.record(z.string(), z.string()),
  scopes: z.array(z.string()),
  state: z.enum(['ready', 'needs-attention']),
  stateFault: FaultShape.nullable(),
  refreshedAt: Instant,
  accountsAt: Instant.nullable(),
  accounts: z.array(AgencyAccountView),
})
export type AgencyView = z.output<typeof AgencyView>

const AppParams = z.object({ app: z.string() })
const AgencyParams = z.object({ agency: z.string() })
const AppName = z.string().trim().min(1).max(120)
const Scopes = z.array(z.string().regex(/^\S+$/, 'A permission is one word.').max(120)).max(300)

const ConsentOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connection'), connection: ConnectionView, isNew: z.boolean() }),
  z.object({ kind: z.literal('agency'), agency: AgencyView, isNew: z.boolean() }),
])

export const CONSENT_ERRORS = [
  'consent.not_begun',
  'consent.declined',
  'consent.other_account',
  'consent.unreadable',
  'connection.reconnect',
  'connection.client_refused',
  'app.not_found',
] as const

export const oauth = {
  apps: endpoint({
    id: 'oauth.apps',
    method: 'GET',
    path: '/api/oauth/apps',
    summary: 'The apps by which accounts are connected with consent, without their secrets',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ redirectUri: z.string(), apps: z.array(OAuthAppView) }),
    errors: [],
  }),
  createApp: endpoint({
    id: 'oauth.createApp',
    method: 'POST',
    path: '/api/oauth/apps',
    summary: 'Adds an app; client id and secret come from the vendor’s own page for apps',
    permission: 'connections.write',
    audit: 'consent.app_created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      connector: z.string(),
      environment: Environment.default('live'),
      name: AppName,
      level: Level,
      clientId: z.string().trim().min(1).max(200),
      clientSecret: z.string().trim().min(1).max(1_000),
      authorizeUrl: Address.default(null),
      origin: Address.default(null),
      usesPkce: z.boolean().default(false),
      scopes: Scopes.default([]),
    }),
    reply: OAuthAppView,
    errors: ['connector.not_found', 'app.invalid', 'app.name_taken'],
  }),
  updateApp: endpoint({
    id: 'oauth.updateApp',
    method: 'PATCH',
    path: '/api/oauth/apps/:app',
    summary: 'Changes what is given; a new secret replaces the old one',
    permission: 'connections.write',
    audit: 'consent.app_changed',
    params: AppParams,
    query: NoQuery,
    body: z.strictObject({
      name: AppName.optional(),
      clientSecret: z.string().trim().min(1).max(1_000).optional(),
      authorizeUrl: Address.optional(),
      usesPkce: z.boolean().optional(),
      scopes: Scopes.optional(),
    }),
    reply: OAuthAppView,
    errors: ['app.not_found', 'app.invalid', 'app.name_taken'],
  }),
  removeApp: endpoint({
    id: 'oauth.removeApp',
    method: 'DELETE',
    path: '/api/oauth/apps/:app',
    summary: 'Removes an app through which no account is connected',
    permission: 'connections.write',
    audit: 'consent.app_removed',
    params: AppParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['app.not_found', 'app.in_use'],
  }),
  begin: endpoint({
    id: 'oauth.begin',
    method: 'POST',
    path: '/api/oauth/begin',
    summary: 'Begins a consent: answers where to send the browser, and what it must keep to finish',
    permission: 'connections.write',
    audit: 'consent.begun',
    params: NoParams,
    query: NoQuery,
    body: z.union([
      z.strictObject({ app: z.string(), name: AppName.optional() }),
      /** The account of this connection, or this agency, gives its consent again. */
      z.strictObject({ connection: z.string() }),
      z.strictObject({ agency: z.string() }),
    ]),
    reply: z.object({ url: z.string(), state: z.string(), binding: z.string(), scopes: z.array(z.string()) }),
    errors: ['app.not_found', 'connection.not_found', 'connection.not_by_consent', 'agency.not_found'],
  }),
  finish: endpoint({
    id: 'oauth.finish',
    method: 'POST',
    path: '/api/oauth/finish',
    summary: 'Finishes a consent with the query that came back, from the browser that began it',
    permission: 'connections.write',
    audit: 'consent.finished',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ returned: z.string().max(8_000), binding: z.string().max(200) }),
    reply: ConsentOutcome,
    errors: [...CONSENT_ERRORS],
  }),
  agencies: endpoint({
    id: 'oauth.agencies',
    method: 'GET',
    path: '/api/oauth/agencies',
    summary: 'Agencies that gave their consent, with their accounts as last read',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ agencies: z.array(AgencyView) }),
    errors: [],
  }),
  readAccounts: endpoint({
    id: 'oauth.readAccounts',
    method: 'POST',
    path: '/api/oauth/agencies/:agency/read',
    summary: 'Reads the accounts of an agency anew',
    permission: 'connections.write',
    audit: { none: 'reads at the vendor; only the list of accounts is brought up to date' },
    params: AgencyParams,
    query: NoQuery,
    body: undefined,
    reply: AgencyView,
    errors: ['agency.not_found', 'connection.reconnect'],
  }),
  connectAccounts: endpoint({
    id: 'oauth.connectAccounts',
    method: 'POST',
    path: '/api/oauth/agencies/:agency/connect',
    summary: 'Makes a connection for each of these accounts of an agency',
    permission: 'connections.write',
    audit: 'connection.created',
    params: AgencyParams,
    query: NoQuery,
    body: z.strictObject({ accounts: z.array(z.string().max(100)).min(1).max(500) }),
    reply: z.object({
      results: z.array(z.object({ accountId: z.string(), connectionId: z.string().nullable(), fault: FaultShape.nullable() })),
      agency: AgencyView,
    }),
    errors: ['agency.not_found', 'connection.reconnect'],
  }),
  removeAgency: endpoint({
    id: 'oauth.removeAgency',
    method: 'DELETE',
    path: '/api/oauth/agencies/:agency',
    summary: 'Forgets the consent of an agency none of whose accounts is connected',
    permission: 'connections.write',
    audit: 'consent.removed',
    params: AgencyParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['agency.not_found', 'agency.in_use'],
  }),
} as const
