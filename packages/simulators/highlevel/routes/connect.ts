import { z } from 'zod'
import { type Highlevel, nowIso } from '../context.ts'
import { badSocialRequest, invalid } from '../errors.ts'
import { hash, objectId, shortId } from '../ids.ts'
import { rowBy } from '../lookup.ts'
import { type Call, LOCATION_TOKENS, operation, type Operation, type Reply, social } from '../operation.ts'
import { anyObject, text } from '../schema.ts'
import type { Account, OauthSession } from '../state.ts'
import type { Availability } from '../version-gate.ts'

/**
 * Connecting social accounts. In real life a person does it in a popup that reports by `window.postMessage`; here the start page
 * opens a session at once, list offers what it may attach, attach makes an account.
 */

const BOTH = new Set(['google', 'facebook', 'instagram', 'linkedin', 'tiktok', 'tiktok-business'])
const V3_ONLY = new Set(['youtube', 'pinterest', 'threads', 'bluesky'])
const existsFor = (platform: string): Availability => ({
  v2: BOTH.has(platform) || platform === 'twitter',
  v3: BOTH.has(platform) || V3_ONLY.has(platform),
})

/** Per platform: the member of the list answer, and the types of account offered. */
const OFFERS: Record<string, { member: string; types: readonly string[] }> = {
  facebook: { member: 'pages', types: ['page', 'group'] },
  instagram: { member: 'accounts', types: ['page'] },
  linkedin: { member: 'pages', types: ['page', 'profile'] },
  tiktok: { member: 'profile', types: ['profile'] },
  'tiktok-business': { member: 'profile', types: ['business'] },
  google: { member: 'locations', types: ['location'] },
}
const PROFILE = { member: 'accounts', types: ['profile'] }

const startPage = (session: OauthSession, page: string, reconnect: boolean): Response => {
  const message = {
    actionType: 'close',
    page,
    platform: session.platform,
    placement: 'sandbox',
    accountId: session.id,
    reconnectAccounts: reconnect ? [session.id] : [],
  }
  const html = `<!doctype html><title>Connect ${session.platform}</title><p>Connected to the sandbox's ${session.platform}. You can close this window.</p>
<script>window.opener?.postMessage(${JSON.stringify(message)}, '*')</script>`
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
}

/** A person has signed in to a network in the popup: what the login may attach. */
export function beginSession(context: Highlevel, locationId: string, platform: string): OauthSession {
  const name = rowBy(context.state.locations, 'id', locationId)?.name ?? ''
  const id = shortId()
  const session: OauthSession = {
    id,
    locationId,
    platform,
    offers: (OFFERS[platform] ?? PROFILE).types.map((type) => ({
      id: String(10 ** 14 + hash(`${id}${type}`)),
      name: `${name} ${type}`,
      type,
    })),
  }
  context.state.oauthSessions.push(session)
  return session
}

function sessionAt({ context, params }: Pick<Call, 'context' | 'params'>, platform: string): OauthSession {
  const session = rowBy(context.state.oauthSessions, 'id', params['accountId'] ?? '')
  if (!session || session.locationId !== params['locationId'] || session.platform !== platform)
    throw badSocialRequest('Social account not found')
  return session
}

const isConnected = (context: Highlevel, session: OauthSession, originId: string): boolean =>
  context.state.accounts.some((row) => row.originId === originId && row.locationId === session.locationId)

const CHECKED = { verificationState: 'VERIFIED', vettedState: 'VETTED' }

function listOffers(call: Call, platform: string): Reply {
  const session = sessionAt(call, platform)
  const offers = session.offers.map(({ id, name, type }) => ({
    id,
    name,
    avatar: '',
    type,
    isOwned: true,
    isConnected: isConnected(call.context, session, id),
  }))
  if (platform === 'google') {
    const [first] = offers
    const location = {
      name: `accounts/${first?.id ?? ''}`,
      title: first?.name ?? '',
      isVerified: true,
      isConnected: first?.isConnected ?? false,
    }
    return social(200, 'Fetched Google Business Account', {
      locations: { location, account: { name: `accounts/${session.id}`, accountName: first?.name ?? '', type: 'PERSONAL', ...CHECKED } },
    })
  }
  const { member } = OFFERS[platform] ?? PROFILE
  const isProfile = (offer: { type: string }) => platform === 'linkedin' && offer.type === 'profile'
  const profile = platform === 'linkedin' ? { profile: offers.filter(isProfile) } : {}
  return social(200, 'Fetched Accounts', { [member]: offers.filter((offer) => !isProfile(offer)), ...profile })
}

function attach(
  call: Call,
  platform: string,
  chosen: { originId: string; type?: string | undefined; name?: string | undefined; avatar?: string | undefined },
): Reply {
  const { context } = call
  const session = sessionAt(call, platform)
  const offer = session.offers.find((row) => row.id === chosen.originId)
  if (!offer) throw badSocialRequest('The account to attach was not found')
  const account: Account = {
    id: `${session.id}_${session.locationId}_${offer.id}`,
    oauthId: session.id,
    profileId: objectId(),
    locationId: session.locationId,
    originId: offer.id,
    name: chosen.name ?? offer.name,
    avatar: chosen.avatar ?? '',
    platform: platform === 'tiktok-business' ? 'tiktok' : platform,
    type: chosen.type ?? offer.type,
    expire: new Date(context.clock.now() + 60 * 86_400_000).toISOString(),
    isExpired: false,
    meta: {},
  }
  if (!rowBy(context.state.accounts, 'id', account.id)) context.state.accounts.push(account)
  const { id, locationId, originId, type, name, avatar, meta } = account
  const now = nowIso(context)
  return social(201, 'Attached Account', {
    _id: id,
    oAuthId: session.id,
    oldId: id,
    locationId,
    originId,
    platform: account.platform,
    type,
    name,
    avatar,
    meta,
    active: true,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  })
}

/** The origin id of a Google location as the list names it: `accounts/{id}`. */
const originOf = ({ name }: Record<string, unknown>): string => (typeof name === 'string' ? name.replace('accounts/', '') : '')

const AttachBody = z.looseObject({
  originId: text().optional(),
  /** Instagram names the Facebook page it belongs to. */
  pageId: text().optional(),
  location: anyObject().optional(),
  type: text().optional(),
  name: text().optional(),
  avatar: text().optional(),
})

export const connectOperations: readonly Operation[] = [
  operation({
    id: 'start-oauth',
    method: 'GET',
    path: '/social-media-posting/oauth/:platform/start',
    exists: (params) => existsFor(params['platform'] ?? ''),
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/oauth.readonly'],
    query: z.object({ locationId: text(), userId: text(), page: text().optional(), reconnect: text().optional() }),
    run: ({ context, params, query }) => {
      const platform = params['platform'] ?? ''
      if (platform === 'twitter') throw badSocialRequest('Twitter is no longer supported')
      if (platform === 'bluesky') throw badSocialRequest('Bluesky is currently not supported')
      const session = beginSession(context, query.locationId, platform)
      context.touch()
      return { status: 200, raw: startPage(session, query.page ?? '', query.reconnect === 'true') }
    },
  }),
  operation({
    id: 'get-google-locations',
    method: 'GET',
    path: '/social-media-posting/oauth/:locationId/google/locations/:accountId',
    exists: { v2: true, v3: false },
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/oauth.readonly'],
    run: (call) => listOffers(call, 'google'),
  }),
  operation({
    id: 'set-google-locations',
    method: 'POST',
    path: '/social-media-posting/oauth/:locationId/google/locations/:accountId',
    exists: { v2: true, v3: false },
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/oauth.write'],
    body: z.strictObject({ location: anyObject(), account: anyObject(), companyId: text().optional() }),
    run: (call) => attach(call, 'google', { originId: originOf(call.body.location) }),
  }),
  operation({
    id: 'get-oauth-accounts',
    method: 'GET',
    path: '/social-media-posting/oauth/:locationId/:platform/accounts/:accountId',
    exists: (params) => ({ ...existsFor(params['platform'] ?? ''), ...(params['platform'] === 'google' ? { v2: false } : {}) }),
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/oauth.readonly'],
    run: (call) => listOffers(call, call.params['platform'] ?? ''),
  }),
  operation({
    id: 'attach-oauth-accounts',
    method: 'POST',
    path: '/social-media-posting/oauth/:locationId/:platform/accounts/:accountId',
    exists: (params) => {
      const platform = params['platform'] ?? ''
      const { v2, v3 } = existsFor(platform)
      return { v2: v2 && platform !== 'google' && platform !== 'tiktok-business', v3: v3 && platform !== 'tiktok-business' }
    },
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/oauth.write'],
    body: AttachBody,
    run: (call) => {
      const { platform = '' } = call.params
      const { originId, pageId, location, ...chosen } = call.body
      const named = platform === 'google' ? originOf(location ?? {}) : (originId ?? (platform === 'instagram' ? pageId : undefined))
      if (named === undefined || named === '')
        throw invalid([platform === 'google' ? 'location should not be empty' : 'originId must be a string'])
      return attach(call, platform, { ...chosen, originId: named })
    },
  }),
]
