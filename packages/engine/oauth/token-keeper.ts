import { type Clock, Fault, type FaultFacts, type GrantId, toFault, userFault } from '@couplet/core'
import type { AgencyCall, Connector, Http, OAuthRules, Registry } from '@couplet/connector-sdk'
import type { GrantTokens, OpenedConnection, OpenedGrant, OpenedOAuthApp, Store } from '@couplet/store'
import { createRedactor } from '../outbound/redact.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { createVendorHttp } from '../outbound/vendor-http.ts'
import type { Failpoint, Logger } from '../parts.ts'
import { bucketAccountOf } from '../quota/bucket-account.ts'
import type { Governor } from '../quota/governor.ts'
import { atMost } from './at-most.ts'
import { type TokenAnswer, tokenEndpoint } from './token-endpoint.ts'

/*
 * Keeps the tokens of consents good. Refresh tokens are used up by being used, so of all processes exactly one may renew a grant: it does so
 * under a lock on the grant's row and saves the new tokens in the same transaction. Who waited for the lock finds them there and asks nobody.
 *
 * Invariant: between reading the refresh token that is sent and saving the one that comes back, nobody else holds the row.
 */

export type TokenKeeper = {
  /** The connection with a token that is good for a while. At once unless the token ends soon. Throws why it cannot be renewed. */
  fresh(connection: OpenedConnection): Promise<OpenedConnection>
  /** The connection with another token than this refused one; `undefined` when its secrets were entered by a person. */
  renewed(connection: OpenedConnection): Promise<OpenedConnection | undefined>
  /** Calls to the vendor with tokens that are not kept yet. */
  httpOf(app: OpenedOAuthApp, tokens: { accessToken: string; facts: Readonly<Record<string, string>> }): Http
  /** Reads the accounts of an agency anew and keeps the list. */
  readAccounts(grantId: GrantId): Promise<void>
  /** Refreshes what nobody used for long, so that no consent ends unnoticed, and lists of accounts. Answers how many grants it looked at. */
  keepAlive(): Promise<number>
}

export type TokenKeeperParts = {
  store: Store
  registry: Registry
  outbound: OutboundClient
  clock: Clock
  governor: Governor
  failpoint: Failpoint
  log: Logger
  forget(id: OpenedConnection['id']): void
}

/** A token that ends within this time is renewed before it is used. */
const ENDS_SOON_MS = 5 * 60_000
/** A refresh token lives a year (CONFIRMED for HighLevel); weekly is far inside, also when Couplet was off for months. */
const IDLE_MS = 7 * 86_400_000
const ACCOUNTS_AGE_MAX_MS = 6 * 3_600_000
const KEPT_ALIVE_PER_TURN = 20
/** After "paused" without a time of its own. */
const PAUSED_RETRY_MS = 15 * 60_000
/** Renewals of one process at a time: each holds up to two connections to the database while the vendor answers. */
const AT_ONCE_MAX = 3
const AGENCY_TIMEOUT_MS = 30_000
const AGENCY_WAIT_MS = 60_000

export function createTokenKeeper(parts: TokenKeeperParts): TokenKeeper {
  const { store, clock } = parts
  const underWay = new Map<string, Promise<OpenedConnection>>()
  const limited = atMost(AT_ONCE_MAX)

  const endsSoon = (expiresAt: number | null): boolean => expiresAt !== null && expiresAt - clock.now() < ENDS_SOON_MS

  /** Rules and app of a grant; a missing one is a defect of the installation, told as what a person can do. */
  const waysOf = async (grant: OpenedGrant): Promise<{ spec: Connector['spec']; rules: OAuthRules; app: OpenedOAuthApp }> => {
    const app = await store.oauthApps.open(grant.appId)
    const spec = app && parts.registry.connector(app.connector)?.spec
    if (!app || !spec?.oauth)
      throw userFault({
        code: 'app.not_found',
        message: 'The app of this connection is not there any more.',
        hint: 'Add the app again and connect the account anew.',
      })
    return { spec, rules: spec.oauth, app }
  }

  /**
   * The grant with a token other than `refused`. Under the lock the stored one is looked at first: another process may have renewed it while
   * this one waited.
   */
  const renewGrant = async (id: GrantId, refused: string | undefined): Promise<OpenedGrant> => {
    let tried: OpenedGrant | undefined
    try {
      const renewed = await store.grants.rotate(id, async (grant) => {
        tried = grant
        if (grant.state === 'needs-attention' && grant.stateFault) throw new Fault(grant.stateFault)
        if (grant.accessToken !== refused && !endsSoon(grant.expiresAt)) return undefined
        if (grant.retryAt !== null && grant.retryAt > clock.now()) throw stillPaused(grant.retryAt)
        const { spec, rules, app } = await waysOf(grant)
        const endpoint = tokenEndpoint(parts, spec, rules, app)
        const answer = await endpoint.refresh(grant.refreshToken).catch(async (error: unknown) => {
          if (toFault(error).kind !== 'auth-expired') throw error
          const recovered = await endpoint.recover(grant.facts).catch(() => undefined)
          if (!recovered) throw error
          parts.log.warn({ grantId: id }, 'A refresh token was lost; the vendor gave a new one without a new consent')
          return recovered
        })
        await parts.failpoint('token-rotated')
        return tokensOf(answer, grant)
      })
      if (!renewed) throw reconnect('The consent behind this connection was removed.')
      return renewed
    } catch (error) {
      return await settleRefusal(id, tried, toFault(error))
    }
  }

  /** Before a refusal counts, the store is read again: whoever renewed meanwhile has left newer tokens there. */
  const settleRefusal = async (id: GrantId, tried: OpenedGrant | undefined, fault: Fault): Promise<OpenedGrant> => {
    if (fault.kind === 'unavailable' && fault.facts.status !== undefined && fault.facts.status < 500)
      await store.grants.putOff(id, fault.facts.retryAt ?? clock.now() + PAUSED_RETRY_MS)
    if (fault.kind !== 'auth-expired') throw fault
    const stored = await store.grants.open(id)
    if (stored && tried && stored.revision !== tried.revision && !endsSoon(stored.expiresAt)) return stored
    await store.grants.setState(id, 'needs-attention', fault.facts)
    for (const connection of await store.connections.ofGrant(id)) {
      await store.connections.setState(connection.id, 'needs-attention', fault.facts)
      parts.forget(connection.id)
    }
    throw fault
  }

  const agencyCall = async (grant: OpenedGrant): Promise<{ call: AgencyCall; rules: OAuthRules }> => {
    const { spec, rules, app } = await waysOf(grant)
    return { call: { http: httpWith(spec, app, grant), facts: grant.facts, clientId: app.clientId }, rules }
  }

  const httpWith = (
    spec: Connector['spec'],
    app: OpenedOAuthApp,
    { accessToken, facts }: { accessToken: string; facts: Readonly<Record<string, string>> },
  ): Http => {
    const account = bucketAccountOf(app.origin, app.clientId, Object.values(facts).join(' '))
    const signal = AbortSignal.timeout(AGENCY_WAIT_MS + AGENCY_TIMEOUT_MS)
    let permit: Awaited<ReturnType<Governor['acquire']>> | undefined
    return createVendorHttp({
      client: parts.outbound,
      spec,
      connection: {
        origin: app.origin ?? spec.origin,
        facts,
        secrets: { token: accessToken },
        isSandbox: app.environment === 'sandbox',
        isOAuth: true,
      },
      redactor: createRedactor([accessToken]),
      clock,
      isRead: true,
      timeoutMs: AGENCY_TIMEOUT_MS,
      beforeSend: async () => {
        permit = await parts.governor.acquire({
          spec,
          account,
          holder: account,
          flow: account,
          lane: 0,
          pace: undefined,
          waitMaxMs: AGENCY_WAIT_MS,
          signal,
        })
      },
      onReply: (headers, status) => permit?.end({ headers, status }),
      onExchange: () => permit?.end(),
    })
  }

  const withAgencyRules = async <Result>(id: GrantId, work: (call: AgencyCall, rules: OAuthRules) => Promise<Result>): Promise<Result> => {
    const grant = await store.grants.open(id)
    if (!grant) throw reconnect('The consent of the agency was removed.')
    const good = endsSoon(grant.expiresAt) || grant.state === 'needs-attention' ? await renewGrant(id, undefined) : grant
    const first = await agencyCall(good)
    try {
      return await work(first.call, first.rules)
    } catch (error) {
      if (toFault(error).kind !== 'auth-expired') throw error
      const again = await agencyCall(await renewGrant(id, good.accessToken))
      return work(again.call, again.rules)
    }
  }

  /** A token for one account of an agency. There is no refresh token for it: it is simply made anew. */
  const renewMinted = async (connection: OpenedConnection, grantId: GrantId, refused: string | undefined): Promise<OpenedConnection> => {
    const renewed = await store.connections.renew(connection.id, async (stored) => {
      if (stored.secrets['token'] !== refused && !endsSoon(stored.tokenExpiresAt)) return undefined
      const accountId = stored.facts['locationId']
      if (typeof accountId !== 'string') throw reconnect('The connection does not say which account of the agency it is.')
      return withAgencyRules(grantId, async (call, rules) => {
        const minted = await rules.agency?.mint(call, accountId)
        if (!minted) throw reconnect('The agency cannot open its accounts.')
        const scopes = minted.scopes.length > 0 ? minted.scopes : (stored.granted?.has ?? [])
        return { token: minted.token, expiresAt: clock.now() + minted.expiresInS * 1_000, scopes }
      })
    })
    if (!renewed) throw reconnect('The connection was removed.')
    return renewed
  }

  const renew = async (connection: OpenedConnection, grantId: GrantId, refused: string | undefined): Promise<OpenedConnection> => {
    const grant = await store.grants.open(grantId)
    if (grant?.level === 'agency') return renewMinted(connection, grantId, refused)
    await renewGrant(grantId, refused)
    const stored = await store.connections.open(connection.id)
    if (!stored) throw reconnect('The connection was removed.')
    return stored
  }

  /** Callers of one process share a renewal. */
  const once = (connection: OpenedConnection, grantId: GrantId, refused: string | undefined): Promise<OpenedConnection> => {
    const known = underWay.get(connection.id)
    if (known) return known
    const doing = limited(() => renew(connection, grantId, refused)).finally(() => {
      underWay.delete(connection.id)
      parts.forget(connection.id)
    })
    underWay.set(connection.id, doing)
    return doing
  }

  const keeper: TokenKeeper = {
    fresh: async (connection) =>
      connection.grantId !== null && endsSoon(connection.tokenExpiresAt) ? once(connection, connection.grantId, undefined) : connection,
    renewed: async (connection) =>
      connection.grantId === null ? undefined : once(connection, connection.grantId, connection.secrets['token']),
    httpOf: (app, tokens) => {
      const spec = parts.registry.connector(app.connector)?.spec
      if (!spec) throw reconnect(`This Couplet has no connector "${app.connector}".`)
      return httpWith(spec, app, tokens)
    },
    readAccounts: (id) =>
      withAgencyRules(id, async (call, rules) => {
        const accounts = await rules.agency?.accounts(call)
        if (accounts) await store.grants.setAccounts(id, accounts)
      }),
    keepAlive: async () => {
      const idle = await store.grants.idle(IDLE_MS, KEPT_ALIVE_PER_TURN)
      const unlisted = await store.grants.unlisted(ACCOUNTS_AGE_MAX_MS, KEPT_ALIVE_PER_TURN)
      const attempt = (id: GrantId, work: () => Promise<unknown>) =>
        limited(work).catch((error: unknown) =>
          parts.log.warn({ grantId: id, code: toFault(error).code }, 'A consent could not be kept alive; it is tried again later'),
        )
      await Promise.all(idle.map((id) => attempt(id, () => renewIdle(id))))
      await Promise.all(unlisted.map((id) => attempt(id, () => keeper.readAccounts(id))))
      return idle.length + unlisted.length
    },
  }

  /** Another process may have been there first; then it is idle no more. */
  const renewIdle = async (id: GrantId): Promise<void> => {
    const grant = await store.grants.open(id)
    if (grant && Date.now() - grant.refreshedAt > IDLE_MS) await renewGrant(id, grant.accessToken)
  }

  return keeper
}

const tokensOf = (answer: TokenAnswer, before: OpenedGrant): GrantTokens => ({
  accessToken: answer.accessToken,
  refreshToken: answer.refreshToken ?? before.refreshToken,
  expiresAt: answer.expiresAt,
  scopes: answer.scopes.length > 0 ? answer.scopes : before.scopes,
})

const stillPaused = (retryAt: number): Fault =>
  new Fault({
    code: 'connection.paused',
    kind: 'unavailable',
    message: 'The account is paused at the vendor.',
    hint: 'Activate it there. Couplet keeps its token and asks again by itself.',
    retryAt,
  })

const reconnect = (message: string): Fault => {
  const facts: FaultFacts = { code: 'connection.reconnect', kind: 'auth-expired', message, hint: 'Connect the account again.' }
  return new Fault(facts)
}
