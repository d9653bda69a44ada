import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type Clock, systemClock, toFault } from '@couplet/core'
import { createRegistry } from '@couplet/connector-sdk'
import { allCases, connectors } from '@couplet/connectors'
import { createOutboundClient, Engine, type Logger, sendAgainStatusBySender, USUAL_RULES } from '@couplet/engine'
import { HEYZINE_PREMIUM, HIGHLEVEL_EVENTS, HIGHLEVEL_SAMPLE, highlevelServed, PAYACA_SAMPLE, startSandbox } from '@couplet/simulators'
import { checkKeys, createVault, FIRST_WORKSPACE, followKeyRing, migrate, openStore, type Store } from '@couplet/store'
import pino from 'pino'
import { createApp } from './app.ts'
import { reportOf } from './catalogue-report.ts'
import { flowFileCheckerFor } from './check-flow-file.ts'
import type { Config } from './config.ts'
import { eventHub } from './event-hub.ts'
import { OUTBOUND_AGENT } from './http/guards.ts'
import { hookToken, receiveHook, resumeToken } from './http/hook-route.ts'
import { type HookStatus, notReady, openPort, type OpenPort } from './http/port.ts'
import { openImportShelf } from './importer/import-shelf.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { openMetricsPort } from './metrics/metrics-port.ts'
import { answerMetrics, METRICS_PATH } from './metrics/metrics-route.ts'
import { createMailer } from './mail/mailer.ts'
import { setUpLink } from './people/links.ts'
import { createLocalToken } from './people/local-token.ts'
import { createPeople } from './people/people.ts'
import { createSecretUses } from './people/secret-uses.ts'
import type { ServerParts } from './server-parts.ts'
import { type Database, databaseFault, openDatabase, prepareDataFolder } from './setup/database.ts'
import { keySourceOf } from './setup/keys.ts'
import { installSamples } from './setup/samples.ts'
import {
  connectSandbox,
  followSandboxKey,
  rememberedPorts,
  sandboxHosts,
  type SandboxKit,
  type SandboxView,
  startRememberedSandbox,
} from './setup/sandbox-setup.ts'
import { loadTemplates } from './setup/templates.ts'
import { publishFromHistory, type ReportParts } from './statistics/make-report.ts'
import { ROOT, VERSION } from './version.ts'

export type Role = 'web' | 'worker'

export type CoupletOptions = {
  config: Config
  /** `web` answers HTTP, `worker` performs runs and polls. Default: both. */
  roles?: readonly Role[]
  /** Lines for the operator while starting. */
  onNotice?: (line: string) => void
  /** Ports of the simulated vendors; default: those of last time, else 4310 to 4312. */
  sandboxPorts?: { highlevel: number; heyzine: number; payaca: number }
  /** Folder of the templates; default: the one of this repository. */
  templatesDir?: string
  /** Another time, for tests that move it: quotas are counted by it too. */
  clock?: Clock
  /** False only in tests: data may be lost when the machine crashes. */
  isDurable?: boolean
}

export type Couplet = AsyncDisposable & {
  /** Address of page and API on this machine, without a slash at the end; undefined for a pure worker. */
  url: string | undefined
  parts: ServerParts
  sandbox: SandboxView | undefined
  /** Lets programs of this process and this machine in; undefined for a pure worker. */
  localToken: string | undefined
  /** Where the first owner sets Couplet up; undefined once there is one. */
  setUpUrl: string | undefined
  /** The metrics' own port, when they have one. */
  metricsPort: number | undefined
}

const kit: SandboxKit = { start: startSandbox, highlevel: HIGHLEVEL_SAMPLE, heyzine: HEYZINE_PREMIUM, payaca: PAYACA_SAMPLE }

/** The offline check of flow files, with every operation of this installation. */
export const flowFileChecker = () => flowFileCheckerFor(createRegistry(connectors))

/** What Couplet ships with, counted. */
export const catalogueReport = () =>
  reportOf(createRegistry(connectors), {
    withCases: new Set(allCases.map(({ operation }) => operation.id)),
    served: new Set(highlevelServed().map(({ id }) => `highlevel.${id}`)),
    events: new Set(HIGHLEVEL_EVENTS),
  })

const LISTENERS_MAX = 100
const hookStatus: HookStatus = (headers) => sendAgainStatusBySender(connectors, headers)

/**
 * Starts Couplet: the one place where everything is put together. The port opens first and answers "starting" until all is ready, so
 * that whoever waits for it knows it is on its way. When any part cannot start, those already running are stopped and a fault
 * says what to do. Dispose the answer to stop cleanly.
 */
export async function startCouplet(options: CoupletOptions): Promise<Couplet> {
  const { config } = options
  const roles = options.roles ?? ['web', 'worker']
  const startedAt = Date.now()
  const log = createLog(config)
  const onNotice = options.onNotice ?? (() => {})
  await using opened = new AsyncDisposableStack()

  const port = roles.includes('web') ? opened.use(await openPort({ host: config.host, port: config.port, hookStatus })) : undefined
  await prepareDataFolder(config.dataDir)
  const database = opened.use(
    await openDatabase({ ...config, mayStart: roles.includes('web'), isDurable: options.isDurable ?? true, onNotice }),
  )
  const store = opened.use(await migratedStore(config, database))
  const running =
    config.isSandboxOn && roles.includes('web')
      ? opened.use(await startRememberedSandbox(kit, store, { stateDir: join(config.dataDir, 'sandbox'), ports: options.sandboxPorts }))
      : undefined
  const localAddress = `http://${urlHost(config.host)}:${port?.port ?? config.port}`
  const publicAddress = () => config.publicUrl ?? localAddress

  const ownHosts = config.isSandboxOn
    ? [...sandboxHosts(await rememberedPorts(store)), ...(config.publicUrl === undefined ? [new URL(localAddress).host] : [])]
    : []
  const outbound = createOutboundClient({
    allowedHosts: [...config.allowedHosts, ...ownHosts],
    userAgent: `${OUTBOUND_AGENT}/${VERSION}`,
    clock: systemClock,
  })
  opened.defer(() => outbound.close())
  const events: ServerParts['events'] = eventHub(LISTENERS_MAX)
  const secretUses = opened.use(createSecretUses(store, log))
  const imports = opened.use(await openImportShelf(store, connectors, log))
  const metrics = createMetrics()
  const engine = opened.use(
    new Engine({
      store,
      registry: imports.registry,
      outbound,
      ...(options.clock ? { clock: options.clock, quota: 'process' as const } : {}),
      publicAddress,
      renderSocialReport: (report) => renderSocialReport(report, {}),
      publishFromHistory: (parts, run, report) =>
        publishFromHistory({ store: parts.store, publicAddress, render: renderSocialReport }, run, report, parts.clock.now()),
      mailer: config.smtp && createMailer(config.smtp),
      log,
      noteSecretUse: (use) => secretUses.note(use),
      measure: metrics.measure,
      announce: ({ workspaceId, ...event }) => events.publish({ workspaceId, event }),
    }),
  )
  if (running) opened.use(followSandboxKey(store, FIRST_WORKSPACE, running))
  const [sandbox, templates] = await Promise.all([
    running ? connectSandbox(kit, store, FIRST_WORKSPACE, running) : undefined,
    loadTemplates(options.templatesDir ?? join(ROOT, 'templates'), log),
  ])
  const installation = { startedAt, roles, database: database.kind }
  const localToken = port ? opened.use(await createLocalToken(config.dataDir, port.port)) : undefined
  const people = createPeople({ store, log, address: publicAddress, localToken, trustedProxies: config.trustedProxies })
  const parts: ServerParts = {
    engine: engine.parts,
    ingress: engine.ingress,
    events,
    templates,
    sandbox,
    publicAddress,
    people,
    imports,
    renderReport: renderSocialReport,
    installation,
  }

  await store.alerts.ensureRules(USUAL_RULES)

  // Ready means that the ready flows are there; and runs may need our own address, so work begins after the door is open.
  if (sandbox) await installSamples({ engine: engine.parts, sandbox, templates }, FIRST_WORKSPACE)
  if (port) serve(port, parts, { config, metrics })
  const metricsPort =
    config.metricsPort === undefined
      ? undefined
      : opened.use(
          await openMetricsPort(metrics, engine.parts, { host: config.host, port: config.metricsPort, token: config.metricsToken }),
        )
  if (roles.includes('worker')) await engine.start()
  const setUp = port ? await setUpLink(store, publicAddress()) : undefined

  const kept = opened.move()
  return {
    url: port ? localAddress : undefined,
    parts,
    sandbox,
    localToken: localToken?.token,
    setUpUrl: setUp?.url,
    metricsPort: metricsPort?.port,
    async [Symbol.asyncDispose]() {
      port?.setHandle(notReady('stopping', hookStatus))
      events.close()
      await kept.disposeAsync()
    },
  }
}

const urlHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host)

function createLog(config: Config): Logger {
  return pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }))
}

/** The typesetter is loaded when the first report is made: it is large, and most processes never need it. */
const renderSocialReport: ReportParts['render'] = async (report, brand) =>
  (await import('@couplet/reports')).renderSocialReport(report, brand)

async function migratedStore(config: Config, database: Database): Promise<Store> {
  const keyRing = await followKeyRing(keySourceOf(config))
  const store = openStore({ url: database.url, vault: createVault(keyRing) })
  try {
    await migrate(store.pool)
    await checkKeys(store.pool, keyRing())
    return store
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw databaseFault(error, database)
  }
}

/** From now on the port answers for real. Webhooks do not pass through the web framework. */
function serve(port: OpenPort, parts: ServerParts, { config, metrics }: { config: Config; metrics: Metrics }): void {
  const listen = getRequestListener(createApp(parts, { host: config.host, publicUrl: config.publicUrl }).fetch)
  const { log } = parts.engine
  port.setHandle((request, response) => {
    if (request.url === METRICS_PATH) {
      void answerMetrics(metrics, parts.engine, config.metricsToken, request, response)
      return
    }
    const hook = hookToken(request.url ?? '')
    const resume = hook === undefined ? resumeToken(request.url ?? '') : undefined
    const answered =
      hook !== undefined
        ? receiveHook(parts.ingress, log, hook, request, response)
        : resume !== undefined
          ? receiveHook(parts.engine.resumes, log, resume, request, response)
          : listen(request, response)
    Promise.resolve(answered).catch((error: unknown) => {
      log.error({ err: toFault(error) }, 'A request could not be answered')
      response.destroy()
    })
  })
}
