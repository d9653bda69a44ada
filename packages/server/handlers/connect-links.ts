import type { ConnectLinkView } from '@couplet/api'
import { asId, type ConnectLinkId, toFault, userFault } from '@couplet/core'
import type { Connector } from '@couplet/connector-sdk'
import { beginConsent, createConnectionNamed, finishConsent, scopesOfWorkspace, scopesToAsk } from '@couplet/engine'
import type { ConnectLink, OAuthApp } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView, iso } from '../views/common.ts'
import { formOf } from '../views/trigger-view.ts'
import { callAt } from './connection-call.ts'
import { checkEntered, checkVendorHost } from './entered.ts'
import type { Handlers } from './handler.ts'
import { redirectUriOf } from './oauth.ts'

const DAY_MS = 86_400_000
const TEST_TIMEOUT_MS = 30_000

const notValid = () =>
  userFault({
    code: 'link.not_valid',
    message: 'This link does not work: it was used already, was withdrawn, or is too old.',
    hint: 'Ask whoever sent it for a new one.',
  })

const stateOf = (link: ConnectLink): ConnectLinkView['state'] =>
  link.usedAt !== null ? 'used' : link.revokedAt !== null ? 'revoked' : link.expiresAt < Date.now() ? 'over' : 'open'

type Entered = { works: boolean; ok: string[]; warnings: string[]; fault: ReturnType<typeof faultView> | null }

const linkView = (link: ConnectLink): ConnectLinkView => ({
  id: link.id,
  connector: link.connector,
  environment: link.environment,
  name: link.name,
  note: link.note,
  how: link.appId === null ? 'entered' : 'consent',
  state: stateOf(link),
  createdBy: link.createdBy,
  createdAt: iso(link.createdAt),
  expiresAt: iso(link.expiresAt),
  connectionId: link.connectionId,
})

/**
 * Links by which a client connects an account. Those who hold one are nobody to Couplet: they may do exactly what the link is for, once, and
 * are told the same about a link that was never there as about one that is over.
 */
export function connectLinkHandlers(parts: ServerParts): Handlers['connectLinks'] {
  const { engine } = parts
  const { store, registry } = engine

  /** The link of a token that can still be used. Tries are counted by address, so that nobody goes through tokens. */
  const openLink = async (context: RequestContext, token: string): Promise<{ link: ConnectLink; connector: Connector }> => {
    await parts.people.limits.count('link', context.ip)
    const link = await store.connectLinks.ofToken(token)
    const connector = link && registry.connector(link.connector)
    if (!link || !connector || stateOf(link) !== 'open') throw notValid()
    return { link, connector }
  }

  /** Does the one thing the link is for; when nothing comes of it the link stays good. */
  const using = async <Result>(
    link: ConnectLink,
    work: () => Promise<{ connectionId: Parameters<typeof store.connectLinks.settle>[1]; result: Result }>,
  ): Promise<Result> => {
    if (!(await store.connectLinks.claim(link.id))) throw notValid()
    let connectionId: Parameters<typeof store.connectLinks.settle>[1]
    try {
      const done = await work()
      connectionId = done.connectionId
      return done.result
    } finally {
      await store.connectLinks.settle(link.id, connectionId)
    }
  }

  const appOf = async (context: RequestContext, text: string): Promise<OAuthApp> => {
    const id = asId('oap', text)
    const app = id && (await store.oauthApps.find(workspaceOf(context), id))
    if (!app) throw userFault({ code: 'app.not_found', message: 'There is no such app.', hint: 'Go back to Connections.' })
    if (app.level === 'agency')
      throw userFault({
        code: 'app.not_found',
        message: `"${app.name}" connects whole agencies, and a link is for one account.`,
        hint: 'Choose an app for sub-accounts, or let the client make a token.',
      })
    return app
  }

  return {
    list: async ({ context }) => ({ links: (await store.connectLinks.list(workspaceOf(context))).map(linkView) }),
    create: async ({ body, context }) => {
      const workspaceId = workspaceOf(context)
      const connector = registry.connector(body.connector)
      if (!connector || connector.spec.isBuiltIn)
        throw userFault({
          code: 'connector.not_found',
          message: `There is no connector "${body.connector}" to connect to.`,
          hint: 'Choose one of the vendors of the catalogue.',
          fields: { connector: 'is not known' },
        })
      const app = body.app === undefined ? undefined : await appOf(context, body.app)
      checkVendorHost(engine.outbound, connector.spec, body.environment, body.origin)
      const rules = connector.spec.oauth
      const scopes =
        app && rules ? await scopesToAsk(engine, workspaceId, app, rules) : await scopesOfWorkspace(engine, workspaceId, connector.spec.id)
      const { link, token } = await store.connectLinks.create({
        workspaceId,
        connector: connector.spec.id,
        environment: app?.environment ?? body.environment,
        appId: app?.id ?? null,
        name: body.name,
        note: body.note === undefined || body.note === '' ? null : body.note,
        origin: app ? app.origin : body.origin,
        scopes,
        createdBy: context.actor,
        expiresAt: Date.now() + body.days * DAY_MS,
      })
      return { link: linkView(link), url: `${parts.publicAddress()}/connect#${token}` }
    },
    revoke: async ({ params, context }) => {
      const id: ConnectLinkId | undefined = asId('lnk', params.link)
      if (!id || !(await store.connectLinks.revoke(workspaceOf(context), id)))
        throw userFault({ code: 'link.not_found', message: 'There is no such link.', hint: 'It may have been withdrawn already.' })
      return { ok: true }
    },

    open: async ({ body, context }) => {
      const { link, connector } = await openLink(context, body.token)
      const { spec } = connector
      return {
        askedBy: link.workspaceName,
        connector: spec.id,
        connectorTitle: spec.title,
        name: link.name,
        note: link.note,
        how: link.appId === null ? 'entered' : 'consent',
        factsForm: formOf(spec.connection),
        secretsForm: formOf(spec.secrets),
        scopes: link.scopes.map((scope) => ({ scope, title: spec.scopes[scope] ?? scope })),
        scopesGrantedAt: spec.scopesGrantedAt ?? null,
        host: new URL(link.origin ?? spec.origin).host,
        expiresAt: iso(link.expiresAt),
      }
    },
    enter: async ({ body, context }) => {
      const { link, connector } = await openLink(context, body.token)
      if (link.appId !== null) throw notValid()
      const checked = checkEntered(connector.spec, { facts: body.facts, secrets: body.secrets })
      return using<Entered>(link, async () => {
        const { workspaceId, environment, origin, name } = link
        const made = await createConnectionNamed(store, {
          workspaceId,
          connector: connector.spec.id,
          name,
          environment,
          origin,
          ...checked,
        })
        const opened = await store.connections.open(made.id)
        const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TEST_TIMEOUT_MS)])
        try {
          const { ok, warnings } = await connector.spec.test(callAt(parts, { workspaceId, signal }, connector, opened, {}) as never)
          return { connectionId: made.id, result: { works: true, ok, warnings, fault: null } }
        } catch (error) {
          // What does not work is not kept: nobody here could mend it.
          await store.connections.remove(workspaceId, made.id)
          const fault = toFault(error)
          if (fault.kind === 'bug') throw fault
          return { connectionId: undefined, result: { works: false, ok: [], warnings: [], fault: faultView(fault.facts) } }
        }
      })
    },
    begin: async ({ body, context }) => {
      const { link } = await openLink(context, body.token)
      if (link.appId === null) throw notValid()
      const { url, state, binding } = await beginConsent(engine, link.workspaceId, {
        appId: link.appId,
        redirectUri: redirectUriOf(parts),
        aim: { kind: 'connect', name: link.name, by: `link of ${link.createdBy}`, link: link.id },
      })
      return { url, state, binding }
    },
    finish: async ({ body, context }) => {
      const { link } = await openLink(context, body.token)
      return using(link, async () => {
        const outcome = await finishConsent(
          engine,
          { workspaceId: link.workspaceId, link: link.id },
          new URLSearchParams(body.returned),
          body.binding,
        )
        if (outcome.kind === 'agency') return { connectionId: undefined, result: { name: outcome.grant.name } }
        return { connectionId: outcome.connection.id, result: { name: outcome.connection.name } }
      })
    },
  }
}
