import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { DataObject, Done, Environment, FaultShape, Instant, NoParams, NoQuery } from '../shapes.ts'
import { CONSENT_ERRORS } from './oauth.ts'

const LinkState = z.enum(['open', 'used', 'revoked', 'over'])

export const ConnectLinkView = z.object({
  id: z.string(),
  connector: z.string(),
  environment: Environment,
  name: z.string(),
  note: z.string().nullable(),
  how: z.enum(['entered', 'consent']),
  state: LinkState,
  createdBy: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  connectionId: z.string().nullable(),
})
export type ConnectLinkView = z.output<typeof ConnectLinkView>

/** What somebody who only has the link is shown: who asks, and what for. */
export const ConnectPageView = z.object({
  askedBy: z.string(),
  connector: z.string(),
  connectorTitle: z.string(),
  name: z.string(),
  note: z.string().nullable(),
  how: z.enum(['entered', 'consent']),
  factsForm: DataObject,
  secretsForm: DataObject,
  /** Permissions in words. */
  scopes: z.array(z.object({ scope: z.string(), title: z.string() })),
  scopesGrantedAt: z.string().nullable(),
  /** Where secrets will be sent: the vendor's own host. */
  host: z.string(),
  expiresAt: Instant,
})
export type ConnectPageView = z.output<typeof ConnectPageView>

/** The secret part of a link. It travels in bodies only, never in an address. */
const Token = z.string().min(20).max(600)
const LINK_ERRORS = ['link.not_valid', 'account.too_many_tries'] as const

export const connectLinks = {
  list: endpoint({
    id: 'connectLinks.list',
    method: 'GET',
    path: '/api/connect-links',
    summary: 'Links by which clients connect an account, without their secret part',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ links: z.array(ConnectLinkView) }),
    errors: [],
  }),
  create: endpoint({
    id: 'connectLinks.create',
    method: 'POST',
    path: '/api/connect-links',
    summary: 'Makes a link by which a client connects one account without an account in Couplet; its address is answered once',
    permission: 'connections.write',
    audit: 'connection.link_created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      connector: z.string(),
      environment: Environment.default('live'),
      /** The app that asks for consent; absent: secrets are entered on the page. */
      app: z.string().optional(),
      name: z.string().trim().min(1).max(120),
      note: z.string().trim().max(1_000).optional(),
      origin: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
      days: z.int().min(1).max(30).default(7),
    }),
    reply: z.object({ link: ConnectLinkView, url: z.string() }),
    errors: ['connector.not_found', 'app.not_found', 'outbound.refused'],
  }),
  revoke: endpoint({
    id: 'connectLinks.revoke',
    method: 'DELETE',
    path: '/api/connect-links/:link',
    summary: 'Makes a link useless; a connection that came of it stays',
    permission: 'connections.write',
    audit: 'connection.link_revoked',
    params: z.object({ link: z.string() }),
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['link.not_found'],
  }),
  open: endpoint({
    id: 'connectLinks.open',
    method: 'POST',
    path: '/api/connect/open',
    summary: 'For who holds a link: who asks for which account, and what for',
    permission: 'anyone',
    audit: { none: 'reads only; the link is in the body so that it stands in no log' },
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: Token }),
    reply: ConnectPageView,
    errors: [...LINK_ERRORS],
  }),
  enter: endpoint({
    id: 'connectLinks.enter',
    method: 'POST',
    path: '/api/connect/enter',
    summary: 'For who holds a link: secrets of the account, asked at the vendor first and kept only when they work',
    permission: 'anyone',
    audit: 'connection.created_by_link',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: Token, facts: DataObject, secrets: z.record(z.string(), z.string().max(10_000)) }),
    reply: z.object({ works: z.boolean(), ok: z.array(z.string()), warnings: z.array(z.string()), fault: FaultShape.nullable() }),
    errors: [...LINK_ERRORS, 'connection.invalid'],
  }),
  begin: endpoint({
    id: 'connectLinks.begin',
    method: 'POST',
    path: '/api/connect/begin',
    summary: 'For who holds a link: begins the consent it asks for',
    permission: 'anyone',
    audit: 'consent.begun_by_link',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: Token }),
    reply: z.object({ url: z.string(), state: z.string(), binding: z.string() }),
    errors: [...LINK_ERRORS, 'app.not_found'],
  }),
  finish: endpoint({
    id: 'connectLinks.finish',
    method: 'POST',
    path: '/api/connect/finish',
    summary: 'For who holds a link: finishes the consent that this browser began',
    permission: 'anyone',
    audit: 'connection.created_by_link',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: Token, returned: z.string().max(8_000), binding: z.string().max(200) }),
    reply: z.object({ name: z.string() }),
    errors: [...LINK_ERRORS, ...CONSENT_ERRORS],
  }),
} as const
