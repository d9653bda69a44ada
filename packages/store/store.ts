import { asId, bug, type WorkspaceId } from '@couplet/core'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import { acceptanceRepository } from './repositories/acceptance.ts'
import { alertChannelsRepository } from './repositories/alert-channels.ts'
import { alertsRepository } from './repositories/alerts.ts'
import { appAddressesRepository } from './repositories/app-addresses.ts'
import { artifactsRepository } from './repositories/artifacts.ts'
import { circuitsRepository } from './repositories/circuits.ts'
import { connectLinksRepository } from './repositories/connect-links.ts'
import { connectionsRepository } from './repositories/connections.ts'
import { deliveriesRepository } from './repositories/deliveries.ts'
import { flowsRepository } from './repositories/flows.ts'
import { grantsRepository } from './repositories/grants.ts'
import { healthRepository } from './repositories/health.ts'
import { incidentsRepository } from './repositories/incidents.ts'
import { importsRepository } from './repositories/imports.ts'
import { journalRepository } from './repositories/journal.ts'
import { lastGoodRepository } from './repositories/last-good.ts'
import { logRepository } from './repositories/log.ts'
import { logIdsRepository } from './repositories/log-ids.ts'
import { logIndexRepository } from './repositories/log-index.ts'
import { lookupTablesRepository } from './repositories/lookup-tables.ts'
import { pinsRepository } from './repositories/pins.ts'
import { oauthAppsRepository } from './repositories/oauth-apps.ts'
import { oauthTripsRepository } from './repositories/oauth-trips.ts'
import { proposalsRepository } from './repositories/proposals.ts'
import { quotaRepository } from './repositories/quota.ts'
import { resumeCallsRepository } from './repositories/resume-calls.ts'
import { retentionRepository } from './repositories/retention.ts'
import { rhythmRepository } from './repositories/rhythm.ts'
import { runSearchRepository } from './repositories/run-search.ts'
import { runsRepository } from './repositories/runs.ts'
import { settingsRepository } from './repositories/settings.ts'
import { socialAnalysisRepository } from './repositories/social-analysis.ts'
import { socialFiguresRepository } from './repositories/social-figures.ts'
import { socialHistoryRepository } from './repositories/social-history.ts'
import { socialReportsRepository } from './repositories/social-reports.ts'
import { socialPostsRepository } from './repositories/social-posts.ts'
import { statisticsRepository } from './repositories/statistics.ts'
import { tasksRepository } from './repositories/tasks.ts'
import { triggersRepository } from './repositories/triggers.ts'
import { turnsRepository } from './repositories/turns.ts'
import { workersRepository } from './repositories/workers.ts'
import { apiTokensRepository } from './repositories/api-tokens.ts'
import { attemptsRepository } from './repositories/attempts.ts'
import { auditRepository } from './repositories/audit.ts'
import { invitationsRepository } from './repositories/invitations.ts'
import { oneTimeLinksRepository } from './repositories/one-time-links.ts'
import { peopleRepository } from './repositories/people.ts'
import { signInKeyRepository } from './repositories/sign-in-key.ts'
import { workspacesRepository } from './repositories/workspaces.ts'
import type { Tables } from './tables.ts'
import type { Vault } from './vault/vault.ts'

// Days are plain texts: a date without a zone must not become an instant.
types.setTypeParser(types.builtins.DATE, (text) => text)

/** Everything that is kept. One PostgreSQL, one pool; SQL is written nowhere but in this package. */
export type Store = ReturnType<typeof openStore>

/** The workspace every installation starts with. */
export const FIRST_WORKSPACE: WorkspaceId = firstWorkspace()

function firstWorkspace(): WorkspaceId {
  const id = asId('ws', `ws_${'0'.repeat(26)}`)
  if (!id) throw bug('The first workspace has no valid id')
  return id
}

/** Locking and completing jobs is done in batches, so few connections carry it. */
const JOB_CONNECTIONS_MAX = 3

/** Opens the store on a migrated database. Dispose it to close the pool. */
export function openStore(options: {
  url: string
  vault: Vault
  connectionsMax?: number
  /** For crash tests: called at `accept-begin` and `accept-committed`. */
  failpoint?: (name: string) => Promise<void> | void
}) {
  const pool = new Pool({ connectionString: options.url, max: options.connectionsMax ?? 8, application_name: 'couplet' })
  // An idle client that loses its server emits here; the next query gets a new one.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  // The queue's own bookkeeping (who has locked a job, which one is done) need not wait for the disk: when the database crashes and forgets the
  // last of it, a job comes again and finds its runs where their journals left them. Jobs are *added* in the transactions of the main pool.
  const jobsPool = new Pool({
    connectionString: options.url,
    max: JOB_CONNECTIONS_MAX,
    application_name: 'couplet queue',
    options: '-c synchronous_commit=off',
  })
  jobsPool.on('error', () => undefined)
  jobsPool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const acceptance = acceptanceRepository(pool, options.failpoint)
  const search = runSearchRepository(pool)
  return {
    pool,
    /** For the queue's workers only; see above. */
    jobsPool,
    acceptance,
    alertChannels: alertChannelsRepository(pool, options.vault),
    alerts: alertsRepository(pool),
    appAddresses: appAddressesRepository(pool),
    artifacts: artifactsRepository(db),
    circuits: circuitsRepository(pool),
    connections: connectionsRepository(db, options.vault),
    connectLinks: connectLinksRepository(db, options.vault),
    deliveries: deliveriesRepository(pool),
    flows: flowsRepository(db),
    grants: grantsRepository(db, options.vault),
    health: healthRepository(pool, jobsPool),
    incidents: incidentsRepository(pool),
    imports: importsRepository(pool),
    journal: journalRepository(pool),
    lastGood: lastGoodRepository(pool),
    log: logRepository(pool),
    logIds: logIdsRepository(pool),
    logIndex: logIndexRepository(pool),
    lookupTables: lookupTablesRepository(db),
    pins: pinsRepository(pool),
    oauthApps: oauthAppsRepository(db, options.vault),
    oauthTrips: oauthTripsRepository(db, options.vault),
    proposals: proposalsRepository(db),
    quota: quotaRepository(pool),
    resumeCalls: resumeCallsRepository(pool, options.vault),
    retention: retentionRepository(pool),
    runs: runsRepository(pool, search),
    search,
    settings: settingsRepository(pool),
    socialAnalysis: socialAnalysisRepository(pool),
    socialFigures: socialFiguresRepository(pool),
    socialHistory: socialHistoryRepository(pool),
    socialPosts: socialPostsRepository(pool),
    socialReports: socialReportsRepository(pool),
    statistics: statisticsRepository(db),
    tasks: tasksRepository(db),
    triggers: triggersRepository(pool, db, options.vault, acceptance),
    turns: turnsRepository(pool),
    rhythm: rhythmRepository(pool),
    workers: workersRepository(pool, jobsPool),
    apiTokens: apiTokensRepository(db),
    attempts: attemptsRepository(pool),
    audit: auditRepository(db, pool),
    invitations: invitationsRepository(db),
    oneTimeLinks: oneTimeLinksRepository(db),
    people: peopleRepository(db),
    signInKey: signInKeyRepository(db, options.vault),
    workspaces: workspacesRepository(db),
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.end(), jobsPool.end()])
    },
  }
}
