import {
  type ConnectionId,
  Fault,
  type FaultFacts,
  type JsonObject,
  type OAuthAppId,
  toFault,
  userFault,
  type WorkspaceId,
} from '@couplet/core'
import type { OAuthRules } from '@couplet/connector-sdk'
import type { Connection, Grant, OpenedOAuthApp } from '@couplet/store'
import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import type { EngineParts } from '../parts.ts'
import { scopesOfWorkspace } from '../lifecycle/scopes-needed.ts'
import { createConnectionNamed } from './connection-named.ts'
import { type TokenAnswer, tokenEndpoint } from './token-endpoint.ts'

/*
 * The round trip to a vendor's consent page. `state` ties the answer to the question and is taken out once; `binding` ties it to the browser
 * that began, so that nobody can be made to finish what somebody else began.
 */

/** What comes of a consent: a new connection, or an existing one works again. */
const Aim = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect'), name: z.string().optional(), by: z.string(), link: z.string().optional() }),
  z.object({ kind: z.literal('renew'), grantId: z.string(), by: z.string() }),
])
export type ConsentAim = z.output<typeof Aim>

/** `isNew` is false when the account was connected before and now has a fresh consent. */
export type ConsentOutcome =
  | { kind: 'connection'; connection: Connection; isNew: boolean }
  | { kind: 'agency'; grant: Grant; isNew: boolean }

/** Without the members that are not set. */
const aimJson = (aim: ConsentAim): JsonObject =>
  Object.fromEntries(Object.entries(aim).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

const TRIP_LIFE_MS = 30 * 60_000

type Parts = Pick<EngineParts, 'store' | 'registry' | 'outbound' | 'clock' | 'tokens' | 'connections'>

/** Begins a round trip; answers where to send the browser. Throws `oauth_app.not_found`. */
export async function beginConsent(
  parts: Parts,
  workspaceId: WorkspaceId,
  trip: { appId: OAuthAppId; redirectUri: string; aim: ConsentAim },
): Promise<{ url: string; state: string; binding: string; scopes: readonly string[] }> {
  const { app, rules } = await appWithRules(parts, workspaceId, trip.appId)
  const scopes = await scopesToAsk(parts, workspaceId, app, rules)
  const usesPkce = rules.pkce === 'documented' || app.usesPkce
  const verifier = usesPkce ? oauth.generateRandomCodeVerifier() : undefined
  const { state, binding } = await parts.store.oauthTrips.begin({
    workspaceId,
    appId: app.id,
    verifier,
    redirectUri: trip.redirectUri,
    aim: aimJson(trip.aim),
    lifeMs: TRIP_LIFE_MS,
  })
  const url = new URL(app.authorizeUrl ?? rules.authorizeUrls[0].url)
  const query = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: trip.redirectUri,
    scope: scopes.join(' '),
    state,
    ...rules.authorizeParameters,
    ...(verifier === undefined ? {} : { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { url: url.href, state, binding, scopes }
}

/** Permissions a consent is asked for: what the app was set to, and what the flows need of this vendor. */
export async function scopesToAsk(
  parts: Pick<EngineParts, 'store' | 'registry'>,
  workspaceId: WorkspaceId,
  app: Pick<OpenedOAuthApp, 'connector' | 'level' | 'scopes'>,
  rules: OAuthRules,
): Promise<string[]> {
  const needed = await scopesOfWorkspace(parts, workspaceId, app.connector)
  return [...new Set([...app.scopes, ...needed, ...(app.level === 'agency' ? rules.agencyScopes : [])])].toSorted()
}

/**
 * Finishes a round trip with what came back to our address; `by` is who finishes it. Throws `consent.declined`, `consent.not_begun` (no such trip, too old, or begun in
 * another browser), `consent.other_account`, and what the vendor's token endpoint refuses with.
 */
export async function finishConsent(
  parts: Parts,
  by: { workspaceId: WorkspaceId; link: string | undefined },
  returned: URLSearchParams,
  binding: string,
): Promise<ConsentOutcome> {
  const state = returned.get('state') ?? ''
  const trip = state === '' ? undefined : await parts.store.oauthTrips.take(state, binding)
  if (!trip || trip.workspaceId !== by.workspaceId) throw notBegun(state === '')
  const { workspaceId } = trip
  const { app, rules, spec } = await appWithRules(parts, workspaceId, trip.appId)
  const aim = Aim.parse(trip.aim)
  // What a link began is finished by that link, and nothing else is.
  if ((aim.kind === 'connect' ? aim.link : undefined) !== by.link) throw notBegun(false)
  if (returned.has('error')) throw declined(spec.title, returned)
  const answer = await tokenEndpoint(parts, spec, rules, app)
    .exchange(returned, { state, redirectUri: trip.redirectUri, verifier: trip.verifier })
    .catch((error: unknown) => {
      throw error instanceof Fault ? error : exchangeFailed(spec.title, error)
    })
  const scopes = answer.scopes.length > 0 ? answer.scopes : await scopesToAsk(parts, workspaceId, app, rules)
  const known = aim.kind === 'renew' ? await mustFit(parts, workspaceId, aim.grantId, answer) : await sameAccount(parts, app, answer)
  const grant = known ? await renewed(parts, known, answer, scopes) : await created(parts, app, aim, answer, scopes)
  if (grant.level === 'agency') {
    // The list comes with the first look anyway; a vendor that is slow now must not undo the consent.
    await parts.tokens.readAccounts(grant.id).catch(() => undefined)
    return { kind: 'agency', grant: (await parts.store.grants.find(workspaceId, grant.id)) ?? grant, isNew: !known }
  }
  const [existing] = await parts.store.connections.ofGrant(grant.id)
  if (existing) {
    parts.connections.forget(existing.id)
    return { kind: 'connection', connection: existing, isNew: false }
  }
  const connection = await createConnectionNamed(parts.store, {
    workspaceId,
    connector: app.connector,
    name: grant.name,
    environment: app.environment,
    origin: app.origin,
    facts: answer.facts,
    secrets: { token: answer.accessToken },
    grant: { id: grant.id, tokenExpiresAt: answer.expiresAt, scopes },
  })
  return { kind: 'connection', connection, isNew: true }
}

async function appWithRules(parts: Pick<EngineParts, 'store' | 'registry'>, workspaceId: WorkspaceId, id: OAuthAppId) {
  const app = await parts.store.oauthApps.open(id)
  const spec = app && parts.registry.connector(app.connector)?.spec
  if (!app || app.workspaceId !== workspaceId || !spec?.oauth)
    throw userFault({ code: 'app.not_found', message: 'There is no such app.', hint: 'Add the app of your agency first.' })
  return { app, spec, rules: spec.oauth }
}

const isSameAccount = (facts: Readonly<Record<string, string>>, answer: TokenAnswer): boolean =>
  Object.entries(answer.facts).every(([name, value]) => facts[name] === value)

/** The account was connected through this app before: its consent is renewed instead of kept twice. */
async function sameAccount(parts: Parts, app: OpenedOAuthApp, answer: TokenAnswer): Promise<Grant | undefined> {
  const grants = await parts.store.grants.list(app.workspaceId)
  return grants.find((grant) => grant.appId === app.id && grant.level === answer.level && isSameAccount(grant.facts, answer))
}

async function mustFit(parts: Parts, workspaceId: WorkspaceId, grantId: string, answer: TokenAnswer): Promise<Grant> {
  const grant = (await parts.store.grants.list(workspaceId)).find(({ id }) => id === grantId)
  if (!grant)
    throw userFault({ code: 'grant.not_found', message: 'This consent was removed meanwhile.', hint: 'Connect the account as a new one.' })
  if (grant.level !== answer.level || !isSameAccount(grant.facts, answer))
    throw userFault({
      code: 'consent.other_account',
      message: `You chose another account than "${grant.name}" on the page of the vendor. Nothing was changed.`,
      hint: 'Begin again and choose the same account, or add the other one as a new connection.',
    })
  return grant
}

async function renewed(parts: Parts, grant: Grant, answer: TokenAnswer, scopes: readonly string[]): Promise<Grant> {
  await parts.store.grants.replace(grant.id, { ...tokensOf(answer), scopes })
  for (const connection of await parts.store.connections.ofGrant(grant.id)) {
    // Tokens an agency made before go on until they end; what stopped them is over.
    if (grant.level === 'agency') await parts.store.connections.setState(connection.id, 'ready', null)
    parts.connections.forget(connection.id)
  }
  return grant
}

async function created(parts: Parts, app: OpenedOAuthApp, aim: ConsentAim, answer: TokenAnswer, scopes: readonly string[]): Promise<Grant> {
  const given = aim.kind === 'connect' ? aim.name : undefined
  return parts.store.grants.create({
    workspaceId: app.workspaceId,
    appId: app.id,
    level: answer.level,
    name: given ?? (await nameAtVendor(parts, app, answer)),
    facts: answer.facts,
    ...tokensOf(answer),
    scopes,
  })
}

/** What the vendor calls the account; its id when that cannot be read. */
async function nameAtVendor(parts: Parts, app: OpenedOAuthApp, answer: TokenAnswer): Promise<string> {
  const spec = parts.registry.connector(app.connector)?.spec
  const id = Object.values(answer.facts)[0] ?? ''
  const title = `${spec?.title ?? app.connector} ${answer.level === 'agency' ? 'agency ' : ''}${id}`
  try {
    return (await spec?.oauth?.accountName?.(parts.tokens.httpOf(app, answer), answer.facts)) ?? title
  } catch {
    return title
  }
}

const tokensOf = (answer: TokenAnswer) => ({
  accessToken: answer.accessToken,
  // A vendor that gives none has tokens that last; refused once, the account is connected again.
  refreshToken: answer.refreshToken ?? '',
  expiresAt: answer.expiresAt,
})

export type ConnectedAccount = { accountId: string; connection: Connection | undefined; fault: FaultFacts | undefined }

/** Makes a connection for each of these accounts of an agency, and gets its first token. An account that is connected already stays as it is. */
export async function connectAccounts(
  parts: Parts,
  grant: Grant,
  accountIds: readonly string[],
  asked?: { linkName?: string },
): Promise<ConnectedAccount[]> {
  const app = await parts.store.oauthApps.open(grant.appId)
  if (!app) throw userFault({ code: 'app.not_found', message: 'The app of this agency was removed.', hint: 'Connect the agency again.' })
  const existing = await parts.store.connections.ofGrant(grant.id)
  const connect = async (accountId: string): Promise<ConnectedAccount> => {
    const known = existing.find((connection) => connection.facts['locationId'] === accountId)
    if (known) return { accountId, connection: known, fault: undefined }
    const account = grant.accounts.find(({ id }) => id === accountId)
    if (!account) return { accountId, connection: undefined, fault: notOfAgency(accountId) }
    const connection = await createConnectionNamed(parts.store, {
      workspaceId: grant.workspaceId,
      connector: app.connector,
      name: asked?.linkName ?? account.name,
      environment: app.environment,
      origin: app.origin,
      facts: { ...grant.facts, locationId: accountId },
      secrets: {},
      grant: { id: grant.id, tokenExpiresAt: 0, scopes: grant.scopes },
    })
    return { accountId, ...(await withFirstToken(parts, connection.id)) }
  }
  const results: ConnectedAccount[] = []
  // One after the other in small groups: the vendor counts every token that is made.
  for (let start = 0; start < accountIds.length; start += AT_ONCE)
    results.push(...(await Promise.all(accountIds.slice(start, start + AT_ONCE).map(connect))))
  return results
}

const AT_ONCE = 3

/** An account for which no token can be made is no connection, unless it is only paused: then it is kept and works later. */
async function withFirstToken(parts: Parts, id: ConnectionId): Promise<Pick<ConnectedAccount, 'connection' | 'fault'>> {
  const opened = await parts.store.connections.open(id)
  if (!opened) return { connection: undefined, fault: undefined }
  try {
    return { connection: await parts.tokens.fresh(opened), fault: undefined }
  } catch (error) {
    const { facts } = toFault(error)
    if (facts.kind === 'unavailable' || facts.kind === 'throttled') return { connection: opened, fault: facts }
    await parts.store.connections.remove(opened.workspaceId, id)
    return { connection: undefined, fault: facts }
  }
}

const notOfAgency = (accountId: string): FaultFacts => ({
  code: 'grant.no_such_account',
  kind: 'user',
  message: `The agency has no account ${accountId}.`,
  hint: 'Read the list of accounts again.',
})

const notBegun = (isWithoutState: boolean): Fault =>
  userFault({
    code: 'consent.not_begun',
    message: isWithoutState
      ? 'The vendor sent you here without the mark that Couplet gives to every request, so nothing was connected.'
      : 'This consent was not begun in this browser, is finished already, or took longer than half an hour. Nothing was connected.',
    hint: 'Begin again from Connections. An installation that starts at the vendor cannot be taken over.',
  })

function declined(title: string, returned: URLSearchParams): Fault {
  const error = returned.get('error') ?? ''
  const said = (returned.get('error_description') ?? '').slice(0, 300)
  return userFault({
    code: 'consent.declined',
    message:
      error === 'access_denied'
        ? `The consent was declined on the page of ${title}. Nothing was connected.`
        : `${title} did not give the consent (${error.slice(0, 60)}${said === '' ? '' : `: ${said}`}). Nothing was connected.`,
    hint:
      error === 'invalid_scope'
        ? 'The app at the vendor lacks a permission that was asked for. Add it there, then begin again.'
        : 'Begin again when you want to connect the account.',
  })
}

const exchangeFailed = (title: string, cause: unknown): Fault =>
  userFault(
    {
      code: 'consent.unreadable',
      message: `${title} answered the consent in a form Couplet does not know. Nothing was connected.`,
      hint: 'Check client id, client secret and the redirect address of the app, then begin again.',
    },
    cause,
  )
