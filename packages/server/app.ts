import { join } from 'node:path'
import { allEndpoints, contract, type Endpoint, eventStream, FileReply, openApiDocument } from '@couplet/api'
import type { HttpBindings } from '@hono/node-server'
import { Fault, userFault } from '@couplet/core'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { allHandlers } from './handlers/all-handlers.ts'
import { fileResponse } from './http/file-route.ts'
import { type GuardOptions, requestGuard, securityHeaders } from './http/guards.ts'
import { problemResponse } from './http/problem-response.ts'
import { BODY_BYTES_MAX, IMPORT_BYTES_MAX, readRequest } from './http/read-request.ts'
import { requestIdOf, tellRequestId } from './http/request-id.ts'
import { sandboxControl } from './http/sandbox-control.ts'
import { staticFiles } from './http/static-files.ts'
import type { McpAnswer } from './mcp/mcp-server.ts'
import { audited, writeDown } from './people/audit-trail.ts'
import { actorOf, checkAccess, memberAt } from './people/caller.ts'
import { WORKSPACE_HEADER } from './people/callers.ts'
import type { RequestContext, ServerParts } from './server-parts.ts'
import { sandboxIn } from './setup/sandbox-setup.ts'
import { eventResponse } from './sse.ts'
import { ROOT, VERSION } from './version.ts'

export type AppOptions = GuardOptions & { webFolders?: readonly string[] }

const WEB_FOLDERS = [join(ROOT, 'packages', 'web', 'dist'), join(ROOT, 'packages', 'web', 'plain')]

type UntypedHandler = (request: { params: unknown; query: unknown; body: unknown; context: RequestContext }) => Promise<unknown>

/** The web application: one route for each endpoint of the contract, published files, the page, and the two health checks. */
export function createApp(parts: ServerParts, options: AppOptions): Hono {
  const app = new Hono()
  const { log } = parts.engine
  const problem = (c: Context, thrown: unknown) =>
    problemResponse(log, thrown, { id: requestIdOf(c.req.raw), method: c.req.method, path: c.req.path })

  app.onError((error, c) => problem(c, error))
  app.use('*', securityHeaders(parts.sandbox?.vendors.map((vendor) => vendor.url) ?? []))

  app.use('/api/*', tellRequestId())
  app.use('/mcp', tellRequestId())

  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    try {
      await parts.engine.store.settings.serverVersion()
      return c.json({ ok: true })
    } catch {
      return problem(c, databaseSilent())
    }
  })
  app.get('/files/:name', (c) => fileResponse(parts.engine.store, c.req.param('name'), c.req.header('if-none-match')))

  app.use('/api/*', requestGuard(options))
  app.use('/api/imports/*', bodyLimit({ maxSize: IMPORT_BYTES_MAX, onError: (c) => problem(c, tooLarge()) }))
  app.use('/api/imports', bodyLimit({ maxSize: IMPORT_BYTES_MAX, onError: (c) => problem(c, tooLarge()) }))
  const usual = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => problem(c, tooLarge()) })
  app.use('/api/*', (c, next) => (c.req.path.startsWith('/api/imports') ? next() : usual(c, next)))
  addEndpoints(app, parts)
  addSandboxControl(app, parts)
  app.get('/api/openapi.json', (c) => c.json(openApi()))
  app.all('/api/*', (c) => problem(c, unknownAddress(c.req.method, c.req.path)))

  app.use('/mcp', requestGuard(options))
  app.use('/mcp', bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => problem(c, tooLarge()) }))
  addAgents(app, parts)

  const serveStatic = staticFiles(options.webFolders ?? WEB_FOLDERS)
  app.get('*', async (c) => (await serveStatic(c.req.path, c.req.header('if-none-match'))) ?? withoutPage(c))
  app.notFound((c) => problem(c, unknownAddress(c.req.method, c.req.path)))
  return app
}

/** Registers fixed paths before those with parameters, so that `/runs/counts` is not taken for a run. */
function addEndpoints(app: Hono, parts: ServerParts): void {
  const handlers = allHandlers(parts)
  const routes = Object.entries(contract).flatMap(([area, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => ({ endpoint, handler: handlerOf(handlers, area, name) })),
  )
  const byFixedFirst = routes.toSorted((left, right) => left.endpoint.path.split(':').length - right.endpoint.path.split(':').length)
  for (const { endpoint, handler } of byFixedFirst) app.on(endpoint.method, endpoint.path, (c) => perform(parts, endpoint, handler, c))
  app.get(eventStream.path, async (c) => {
    const { caller } = await contextOf(parts, c, c.req.query('workspace'))
    checkAccess(caller, eventStream.permission)
    return eventResponse(parts.events, memberAt(caller).workspaceId)
  })
}

/** The simulators' control surfaces: many small actions whose forms are the simulators' own, so they are no endpoints of the contract. */
function addSandboxControl(app: Hono, parts: ServerParts): void {
  const pass = async (c: Context): Promise<Response> => {
    const context = await contextOf(parts, c)
    checkAccess(context.caller, 'sandbox.use')
    const [, , , vendor = '', , ...rest] = c.req.path.split('/')
    if (c.req.method !== 'GET')
      await writeDown(parts.engine.store, parts.engine.log, 'sandbox.controlled', context, { vendor, action: rest.join('/') })
    return sandboxControl(
      { engine: parts.engine, sandbox: sandboxIn(parts.sandbox, memberAt(context.caller).workspaceId) },
      c,
      vendor,
      rest,
    )
  }
  app.all('/api/sandbox/:vendor/control', pass)
  app.all('/api/sandbox/:vendor/control/*', pass)
}

/** The same API for AI agents, as tools. Programs only: a page that was talked into something must not act with a person's session. */
function addAgents(app: Hono, parts: ServerParts): void {
  const { store, log } = parts.engine
  // Loaded with the first question: most installations have no agents, and the protocol's library is one of the largest.
  let serving: Promise<McpAnswer> | undefined
  const serve = async (): Promise<McpAnswer> => {
    const { mcpServer } = await import('./mcp/mcp-server.ts')
    return mcpServer(parts, allHandlers(parts), (event, context, objects) => writeDown(store, log, event, context, objects))
  }
  app.all('/mcp', async (c) => {
    const context = await contextOf(parts, c)
    if (context.caller.kind === 'person') throw agentsUseTokens()
    checkAccess(context.caller, 'agents.propose')
    const answer = await (serving ??= serve())
    return answer(c.req.raw, context)
  })
}

const agentsUseTokens = (): Fault =>
  userFault({
    code: 'request.not_permitted',
    message: 'Agents sign in by an API token, not by a session.',
    hint: 'Make a token with the permission agents.propose in Settings and send it as Authorization: Bearer.',
  })

/** The types of contract and handlers agree by construction (`Handlers`); a name in a loop is what the compiler cannot follow. */
function handlerOf(handlers: object, area: string, name: string): UntypedHandler {
  const handler: unknown = Reflect.get(Reflect.get(handlers, area) as object, name)
  if (typeof handler !== 'function') throw new TypeError(`There is no handler for ${area}.${name}`)
  return handler as UntypedHandler
}

/** Who asks, from where. Cookies that sign-in renews meanwhile go along with the answer. */
async function contextOf({ people }: ServerParts, c: Context, workspace = c.req.header(WORKSPACE_HEADER)): Promise<RequestContext> {
  const { headers, signal } = c.req.raw
  const ip = people.ipOf(peerOf(c), c.req.header('x-forwarded-for'))
  const { caller, cookies } = await people.callers.of({ headers, ip, workspace })
  const answer = new Headers()
  for (const cookie of cookies) answer.append('set-cookie', cookie)
  return { caller, actor: actorOf(caller), signal, headers, requestId: requestIdOf(c.req.raw), ip, answer, note: {} }
}

/** The other end of the connection; there is none when a test asks the application without a server. */
const peerOf = (c: Context): string | undefined => (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress

async function perform(parts: ServerParts, endpoint: Endpoint, handler: UntypedHandler, c: Context): Promise<Response> {
  const context = await contextOf(parts, c)
  checkAccess(context.caller, endpoint.permission)
  const request = await readRequest(endpoint, c)
  const { store, log } = parts.engine
  const reply = await audited(store, log, { endpoint, context, ...request }, () => handler({ ...request, context }))
  if (endpoint.isFile) return fileReply(reply)
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  for (const cookie of context.answer.getSetCookie()) headers.append('set-cookie', cookie)
  return new Response(JSON.stringify(reply), { headers })
}

/** A file to be saved: never shown as a page of ours, whatever is in it. */
function fileReply(reply: unknown): Response {
  const { name, contentType, bytes } = FileReply.parse(reply)
  return new Response(typeof bytes === 'string' ? bytes : new Uint8Array(bytes), {
    headers: {
      'content-type': contentType,
      'content-disposition': `${contentType === 'application/pdf' ? 'inline' : 'attachment'}; filename="${name.replaceAll(/[^\w.-]+/g, '-')}"`,
      'cache-control': 'no-store',
    },
  })
}

let document: Record<string, unknown> | undefined
/** Made when first asked for: it costs some 100 ms. */
const openApi = (): Record<string, unknown> =>
  (document ??= openApiDocument(allEndpoints, {
    title: 'Couplet',
    version: VERSION,
    description: 'Everything Couplet can do. Errors are problem documents (RFC 9457).',
  }))

const tooLarge = (): Fault =>
  userFault({
    code: 'request.too_large',
    message: `The request is larger than ${BODY_BYTES_MAX / 1_000_000} MB.`,
    hint: 'Send less at once.',
  })

function unknownAddress(method: string, path: string): Fault {
  const others = allEndpoints
    .filter((endpoint) => new RegExp(`^${endpoint.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
    .map((endpoint) => endpoint.method)
  if (others.length > 0 && !others.some((other) => other === method))
    return userFault({
      code: 'request.method',
      message: `${method} is not possible at ${path.slice(0, 200)}.`,
      hint: `Possible: ${[...new Set(others)].join(', ')}.`,
    })
  return userFault({
    code: 'request.unknown_path',
    message: `There is nothing at ${path.slice(0, 200)}.`,
    hint: 'See /api/openapi.json for what there is.',
  })
}

const databaseSilent = (): Fault =>
  new Fault({ code: 'couplet.starting', kind: 'unavailable', message: 'The database does not answer.', hint: 'Try again in a second.' })

const withoutPage = (c: Context): Response =>
  c.req.path === '/'
    ? c.text('Couplet runs. Its web page has not been built; the API is described at /api/openapi.json.\n')
    : c.text('There is no such page.\n', 404)
