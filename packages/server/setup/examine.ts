import { access, constants, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toFault, userFault } from '@couplet/core'
import { findEmbeddedPostgres, type Inspection, inspectDatabase } from '@couplet/store'
import type { Config } from '../config.ts'
import { openPort } from '../http/port.ts'
import { createMailer } from '../mail/mailer.ts'
import { ROOT, VERSION } from '../version.ts'
import { databaseFault } from './database.ts'
import { keySourceOf } from './keys.ts'

/** What a check found. `look`: it works, but a person should know. `bad`: Couplet does not work, or not for long. */
export type Finding = { check: string; state: 'ok' | 'look' | 'bad'; found: string; todo?: string }
type Look = Omit<Finding, 'check'>

/** As `engines` in package.json. */
const NODE_MIN = { major: 24, minor: 7 }
const DISK_BAD_BYTES = 200_000_000
const DISK_LOOK_BYTES = 2_000_000_000
const CLOCK_LOOK_MS = 2_000
const CLOCK_BAD_MS = 30_000
const JOB_LOOK_S = 60
const JOB_BAD_S = 600
const MAIL_TIMEOUT_MS = 5_000

const ok = (found: string): Look => ({ state: 'ok', found })
const look = (found: string, todo: string): Look => ({ state: 'look', found, todo })
const bad = (found: string, todo: string): Look => ({ state: 'bad', found, todo })
const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

/**
 * Looks at everything Couplet needs and at how it is doing, and changes nothing. `runningAt`: the address of the Couplet that answers, when
 * one does. A check that cannot be made because an earlier one is bad is left out.
 */
export async function examine(config: Config, runningAt: string | undefined): Promise<Finding[]> {
  const findings: Finding[] = []
  const check = async (name: string, work: () => Promise<Look> | Look): Promise<boolean> => {
    const finding = await attempt(work)
    findings.push({ check: name, ...finding })
    return finding.state !== 'bad'
  }
  await check('release', release)
  await check('data folder', () => dataFolder(config.dataDir))
  await check('port', () => port(config, runningAt))
  await check('web app', webApp)
  await check('public address', () => publicAddress(config.publicUrl))
  await checkDatabase(config, check)
  await check('mail server', () => mailServer(config))
  await check('sandbox', () => ok(config.isSandboxOn ? 'on: flows can be tried on simulated vendors' : 'off'))
  return findings
}

type Check = (name: string, work: () => Promise<Look> | Look) => Promise<boolean>

async function checkDatabase(config: Config, check: Check): Promise<void> {
  const url = config.databaseUrl ?? (await findEmbeddedPostgres(config.dataDir).catch(() => undefined))?.url
  if (url === undefined) {
    await check('database', () =>
      look('Couplet’s own PostgreSQL is not running, so nothing in it was looked at.', 'Start Couplet (couplet start) and ask again.'),
    )
    return
  }
  const kind = config.databaseUrl === undefined ? 'embedded' : 'given'
  await using inspection = inspectDatabase(url)
  const isReachable = await check('database', async () => {
    try {
      return ok(`${kind === 'given' ? '' : 'Couplet’s own '}PostgreSQL ${await inspection.serverVersion()} answers`)
    } catch (error) {
      throw databaseFault(error, { url, kind })
    }
  })
  if (!isReachable) return
  await check('clock', () => clock(inspection))
  const schema = { isCurrent: false }
  await check('migrations', async () => {
    const { applied, known } = await inspection.migrations()
    schema.isCurrent = applied === known
    if (applied === 0) return look('The database is empty.', 'The first start of Couplet makes its tables.')
    if (applied < known)
      return look(
        `The database is of an earlier release: ${applied} of ${known} migrations are applied.`,
        'Make a backup (couplet backup); the next start of this release brings it up to date.',
      )
    return ok(`all ${known} of this release are applied`)
  })
  if (!schema.isCurrent) return
  await check('vault key', async () => {
    const { count, place } = await inspection.keys(keySourceOf(config))
    if (count === 0)
      return look('There is no key yet, and no secret needs one.', 'The first start of Couplet makes it; keep a copy elsewhere.')
    return ok(`${counted(count, 'key')} in ${place}; every saved secret has its key`)
  })
  await checkWork(inspection, check)
}

async function checkWork(inspection: Inspection, check: Check): Promise<void> {
  const health = await inspection.health()
  await check('workers', () =>
    health.workers > 0
      ? ok(`${health.workers} at work`)
      : look('No worker is alive: nobody performs runs.', 'Start one: couplet start, or couplet worker beside the pages.'),
  )
  await check('queue', () => {
    const { oldestSeconds, ready, failed } = health.queue
    const age = `${counted(ready, 'job')} due, the oldest for ${Math.round(oldestSeconds)} s`
    if (oldestSeconds > JOB_BAD_S) return bad(age, 'Start workers, or more of them (docs/operators/scale-out.md).')
    if (oldestSeconds > JOB_LOOK_S) return look(age, 'When it goes on growing, start more workers (docs/operators/scale-out.md).')
    if (failed > 0) return look(`${counted(failed, 'job')} failed for good`, 'The log of the worker says why; their runs are queued again.')
    return ok(ready === 0 ? 'nothing is due' : age)
  })
  await check('connections', () =>
    health.connectionsInTrouble === 0
      ? ok('none needs attention')
      : look(
          `${counted(health.connectionsInTrouble, 'connection needs', 'connections need')} attention.`,
          'Open Connections: each says what to do.',
        ),
  )
  await check('incidents', () =>
    health.incidentsOpen === 0
      ? ok('none is open')
      : look(
          `${counted(health.incidentsOpen, 'incident is', 'incidents are')} open.`,
          'Open Incidents: each says its cause and what to do.',
        ),
  )
}

async function attempt(work: () => Promise<Look> | Look): Promise<Look> {
  try {
    return await work()
  } catch (error) {
    const { message, hint } = toFault(error)
    return bad(message, hint ?? 'docs/operators/troubleshoot.md may help.')
  }
}

function release(): Look {
  const words = `Couplet ${VERSION} on Node ${process.versions.node}`
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < NODE_MIN.major || (major === NODE_MIN.major && minor < NODE_MIN.minor)
  return isOld ? bad(words, `Install Node ${NODE_MIN.major}.${NODE_MIN.minor} or a newer one.`) : ok(words)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function dataFolder(dataDir: string): Promise<Look> {
  let existing = dataDir
  while (!(await exists(existing)) && dirname(existing) !== existing) existing = dirname(existing)
  try {
    await access(existing, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw userFault(
      {
        code: 'settings.data_not_writable',
        message: `${existing} cannot be written by this user.`,
        hint: 'Use another folder (COUPLET_DATA), or start as its owner.',
      },
      error,
    )
  }
  const { bavail, bsize } = await statfs(existing)
  const words = `${dataDir}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free`
  if (bavail * bsize < DISK_BAD_BYTES) return bad(words, 'Free some space: PostgreSQL stops when the disk is full.')
  if (bavail * bsize < DISK_LOOK_BYTES) return look(words, 'Free some space, or keep runs for fewer days (Settings > Retention).')
  return ok(words)
}

async function port(config: Config, runningAt: string | undefined): Promise<Look> {
  if (runningAt !== undefined) return ok(`Couplet answers at ${runningAt}`)
  const opened = await openPort(config)
  await opened[Symbol.asyncDispose]()
  return look(`${config.port} on ${config.host} is free: no Couplet answers there.`, 'Start it: couplet start.')
}

async function webApp(): Promise<Look> {
  const page = join(ROOT, 'packages', 'web', 'dist', 'index.html')
  return (await exists(page))
    ? ok('built')
    : look('It is not built yet: there is only the API.', 'couplet start builds it once when it can; or run npm run build.')
}

function publicAddress(publicUrl: string | undefined): Look {
  if (publicUrl === undefined)
    return look(
      'Not set: vendors on the internet cannot reach webhooks and reports.',
      'Set COUPLET_PUBLIC_URL (docs/operators/secure.md); flows on the sandbox do not need it.',
    )
  if (!publicUrl.startsWith('https:'))
    return look(
      `${publicUrl} is not encrypted: passwords and webhooks travel as they are.`,
      'Put a proxy with https before it (docs/operators/secure.md).',
    )
  return ok(publicUrl)
}

async function clock(inspection: Inspection): Promise<Look> {
  const aheadMs = await inspection.clockAheadMs()
  const apart = Math.abs(aheadMs)
  const words = `The clock of the database is ${(apart / 1_000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine’s.`
  const todo = 'Let both follow a time server (chrony, systemd-timesyncd).'
  if (apart > CLOCK_BAD_MS) return bad(words, todo)
  return apart > CLOCK_LOOK_MS ? look(words, todo) : ok(`${Math.round(apart)} ms from the database’s`)
}

async function mailServer({ smtp }: Config): Promise<Look> {
  if (smtp === undefined)
    return look(
      'Not set: alerts and invitations cannot go by e-mail.',
      'Set COUPLET_SMTP_URL and COUPLET_MAIL_FROM (docs/operators/configure.md).',
    )
  const mailer = createMailer(smtp, { timeoutMs: MAIL_TIMEOUT_MS })
  await mailer.check(undefined)
  return ok(`${mailer.server} ${smtp.login ? 'accepts the user and password' : 'answers'}`)
}
