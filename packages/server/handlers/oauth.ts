import type { AgencyView, OAuthAppView } from '@couplet/api'
import { asId, type GrantId, type OAuthAppId, userFault } from '@couplet/core'
import { beginConsent, connectAccounts, type ConsentOutcome, finishConsent, resumeParkedAt, scopesToAsk } from '@couplet/engine'
import type { Grant, OAuthApp } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultOrNull, faultView, iso, isoOrNull } from '../views/common.ts'
import { connectionView } from '../views/connection-view.ts'
import { findConnection } from './connection-call.ts'
import { checkVendorHost } from './entered.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, notFound } from './ids.ts'

/** Where vendors send the browser back to. The page there finishes the consent (decision 0010). */
export const redirectUriOf = (parts: Pick<ServerParts, 'publicAddress'>): string => `${parts.publicAddress()}/oauth/callback`

export function oauthHandlers(parts: ServerParts): Handlers['oauth'] {
  const { engine } = parts
  const { store, registry } = engine

  const appIdOf = (text: string): OAuthAppId => {
    const id = asId('oap', text)
    if (!id) throw appMissing()
    return id
  }
  const rulesOf = (connector: string) => registry.connector(connector)?.spec.oauth
  const appView = async (app: OAuthApp): Promise<OAuthAppView> => {
    const rules = rulesOf(app.connector)
    return {
      id: app.id,
      connector: app.connector,
      environment: app.environment,
      name: app.name,
      level: app.level,
      clientId: app.clientId,
      authorizeUrl: app.authorizeUrl,
      origin: app.origin,
      usesPkce: app.usesPkce,
      scopes: [...app.scopes],
      scopesAsked: rules ? await scopesToAsk(engine, app.workspaceId, app, rules) : [...app.scopes],
      createdAt: iso(app.createdAt),
    }
  }

  const agencyOf = async (context: RequestContext, text: string): Promise<Grant> => {
    const id: GrantId | undefined = asId('grt', text)
    const grant = id && (await store.grants.find(workspaceOf(context), id))
    if (!grant || grant.level !== 'agency') throw notFound('agency', text)
    return grant
  }

  return {
    apps: async ({ context }) => ({
      redirectUri: redirectUriOf(parts),
      apps: await Promise.all((await store.oauthApps.list(workspaceOf(context))).map(appView)),
    }),
    createApp: async ({ body, context }) => {
      const spec = registry.connector(body.connector)?.spec
      if (!spec?.oauth)
        throw userFault({
          code: 'connector.not_found',
          message: `"${body.connector}" has no accounts that are connected by consent.`,
          hint: 'Add its connections with the secrets it gives you.',
          fields: { connector: 'has no consent page' },
        })
      checkVendorHost(engine.outbound, spec, body.environment, body.origin)
      checkConsentPage(body.authorizeUrl, body.environment)
      return appView(await store.oauthApps.create({ ...body, workspaceId: workspaceOf(context) }))
    },
    updateApp: async ({ params, body, context }) => {
      const id = appIdOf(params.app)
      const app = await store.oauthApps.find(workspaceOf(context), id)
      if (!app) throw appMissing()
      if (body.authorizeUrl !== undefined) checkConsentPage(body.authorizeUrl, app.environment)
      const { name, clientSecret, authorizeUrl, usesPkce, scopes } = body
      const updated = await store.oauthApps.update(workspaceOf(context), id, {
        ...(name === undefined ? {} : { name }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(authorizeUrl === undefined ? {} : { authorizeUrl }),
        ...(usesPkce === undefined ? {} : { usesPkce }),
        ...(scopes === undefined ? {} : { scopes }),
      })
      if (!updated) throw appMissing()
      return appView(updated)
    },
    removeApp: async ({ params, context }) => {
      if (!(await store.oauthApps.remove(workspaceOf(context), appIdOf(params.app)))) throw appMissing()
      return { ok: true }
    },

    begin: async ({ body, context }) => {
      const workspaceId = workspaceOf(context)
      const redirectUri = redirectUriOf(parts)
      const begin = async (appId: OAuthAppId, aim: Parameters<typeof beginConsent>[2]['aim']) => {
        const { scopes, ...trip } = await beginConsent(engine, workspaceId, { appId, redirectUri, aim })
        return { ...trip, scopes: [...scopes] }
      }
      const by = context.actor
      if ('app' in body) return begin(appIdOf(body.app), { kind: 'connect', by, ...(body.name === undefined ? {} : { name: body.name }) })
      if ('agency' in body) {
        const grant = await agencyOf(context, body.agency)
        return begin(grant.appId, { kind: 'renew', grantId: grant.id, by })
      }
      const { connection } = await findConnection(parts, context, connectionIdOf(body.connection))
      const grant = connection.grantId === null ? undefined : await store.grants.find(workspaceId, connection.grantId)
      if (!grant)
        throw userFault({
          code: 'connection.not_by_consent',
          message: `The secrets of "${connection.name}" were entered, so there is no consent to renew.`,
          hint: 'Replace its secrets instead.',
        })
      return begin(grant.appId, { kind: 'renew', grantId: grant.id, by })
    },
    finish: async ({ body, context }) => {
      const outcome = await finishConsent(
        engine,
        { workspaceId: workspaceOf(context), link: undefined },
        new URLSearchParams(body.returned),
        body.binding,
      )
      const grantId = outcome.kind === 'agency' ? outcome.grant.id : outcome.connection.grantId
      const repaired = grantId === null ? [] : await store.connections.ofGrant(grantId)
      await resumeParkedAt(
        engine,
        workspaceOf(context),
        context.actor,
        repaired.map(({ id }) => id),
      )
      return outcomeView(parts, outcome)
    },

    agencies: async ({ context }) => {
      const grants = await store.grants.list(workspaceOf(context))
      return { agencies: await Promise.all(grants.filter(({ level }) => level === 'agency').map((grant) => agencyView(parts, grant))) }
    },
    readAccounts: async ({ params, context }) => {
      const grant = await agencyOf(context, params.agency)
      await engine.tokens.readAccounts(grant.id)
      return agencyView(parts, await agencyOf(context, params.agency))
    },
    connectAccounts: async ({ params, body, context }) => {
      const grant = await agencyOf(context, params.agency)
      const results = await connectAccounts(engine, grant, [...new Set(body.accounts)])
      return {
        results: results.map(({ accountId, connection, fault }) => ({
          accountId,
          connectionId: connection?.id ?? null,
          fault: fault ? faultView(fault) : null,
        })),
        agency: await agencyView(parts, await agencyOf(context, params.agency)),
      }
    },
    removeAgency: async ({ params, context }) => {
      const grant = await agencyOf(context, params.agency)
      if (!(await store.grants.removeUnused(grant.id)))
        throw userFault({
          code: 'agency.in_use',
          message: `Accounts of "${grant.name}" are connected.`,
          hint: 'Remove those connections first.',
        })
      return { ok: true }
    },
  }
}

const appMissing = () => userFault({ code: 'app.not_found', message: 'There is no such app.', hint: 'Go back to Connections.' })

/** The page gets no secret, but it is where people type their password: live ones are encrypted. */
function checkConsentPage(authorizeUrl: string | null, environment: string): void {
  if (authorizeUrl !== null && environment === 'live' && !authorizeUrl.startsWith('https://'))
    throw userFault({
      code: 'app.invalid',
      message: 'The consent page of a live app begins with https://.',
      hint: 'Take the address from the white-label settings of the vendor.',
      fields: { authorizeUrl: 'must begin with https://' },
    })
}

async function agencyView(parts: Pick<ServerParts, 'engine'>, grant: Grant): Promise<AgencyView> {
  const { store } = parts.engine
  const [connections, app] = await Promise.all([store.connections.ofGrant(grant.id), store.oauthApps.find(grant.workspaceId, grant.appId)])
  return {
    id: grant.id,
    appId: grant.appId,
    connector: app?.connector ?? '',
    environment: app?.environment ?? 'live',
    name: grant.name,
    facts: { ...grant.facts },
    scopes: [...grant.scopes],
    state: grant.state,
    stateFault: faultOrNull(grant.stateFault),
    refreshedAt: iso(grant.refreshedAt),
    accountsAt: isoOrNull(grant.accountsAt),
    accounts: grant.accounts.map((account) => ({
      ...account,
      connectionId: connections.find((connection) => connection.facts['locationId'] === account.id)?.id ?? null,
    })),
  }
}

async function outcomeView(parts: Pick<ServerParts, 'engine'>, outcome: ConsentOutcome) {
  return outcome.kind === 'connection'
    ? { kind: outcome.kind, connection: connectionView(parts.engine.registry, outcome.connection), isNew: outcome.isNew }
    : { kind: outcome.kind, agency: await agencyView(parts, outcome.grant), isNew: outcome.isNew }
}
