import { chmod, rm } from 'node:fs/promises'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { Pool } from 'pg'
import { migrate, startEmbeddedPostgres } from '@couplet/store'
import { allRuns, decideUncertain, repeatedWrites, storiesOf, type Story } from './audit.ts'
import { type CoupletChild, startChild } from './child-process.ts'
import { type Lab, labFlow, openLab, publishLab } from './lab.ts'
import { startLabVendor } from './lab-vendor.ts'
import { sendEvents } from './sender.ts'
import { until } from './until.ts'

/** Who is killed at the failpoint. */
export type Victim = 'web and worker' | 'web' | 'worker' | 'database' | 'everything'
export type CrashCase = { failpoint: string; nth?: number; victim: Victim; wire?: 'hook' | 'feed' }

export type Outcome = {
  stories: Map<string, Story[]>
  accepted: readonly string[]
  repeated: readonly string[]
  wasKilled: boolean
  uncertain: number
  /** From the kill until all was quiet again. */
  recoveredMs: number
}

export const EVENTS = Array.from({ length: 12 }, (_, index) => `event-${index + 1}`)

const FINAL = new Set(['done', 'failed', 'skipped', 'cancelled'])

/** One history: events come in while the victim is killed at the failpoint, once; then everything is started again and runs to its end. */
export async function crash(
  folder: string,
  { failpoint, nth = 1, victim, wire = 'hook' }: CrashCase | { failpoint: ''; nth?: number; victim: Victim; wire?: 'hook' | 'feed' },
): Promise<Outcome> {
  await using parts = new AsyncDisposableStack()
  const vendor = parts.use(await startLabVendor())
  const dataDir = `${folder}/data`
  parts.defer(() => rm(dataDir, { recursive: true, force: true }))
  // With everything killed, PostgreSQL too, the next Couplet finds its data folder as a crash leaves it; else the server is kept here.
  const isWhole = victim === 'everything'
  const database = isWhole ? undefined : parts.use(await startEmbeddedPostgres({ dataDir, isDurable: false }))
  if (database) await prepare(database.url)

  let killedAt = 0
  const onAsk = async (ask: string, childDatabasePid: number | undefined): Promise<void> => {
    const pid = childDatabasePid ?? database?.pid
    if (ask !== 'kill-database' || pid === undefined) return
    killedAt = performance.now()
    process.kill(pid, 'SIGKILL')
    await until('PostgreSQL is gone', () => !isAlive(pid))
  }
  const base = { ...(database ? { url: database.url } : { dataDir }), vendorUrl: vendor.url }
  const action = victim === 'database' ? 'kill-database' : victim === 'everything' ? 'kill-everything' : 'kill'
  const failpoints = failpoint === '' ? '' : `${failpoint}:${nth}=${action}`

  const children: CoupletChild[] = []
  parts.defer(async () => {
    await Promise.all(children.map((child) => (isWhole ? child.stop() : child.kill('SIGKILL'))))
  })
  const start = async (orders: { isWeb: boolean; isWorker: boolean; failpoints?: string }): Promise<CoupletChild> => {
    const child = await startChild({ ...base, ...orders }, onAsk)
    children.push(child)
    return child
  }

  // The flow is there before the first event; its webhook has no part in the crash.
  let web = await start({ isWeb: true, isWorker: false })
  let lab: Lab = parts.use(openLab({ url: web.url, vendorUrl: vendor.url, connectionsMax: 3 }))
  if (wire === 'feed') vendor.feed.push(...EVENTS)
  const { hookToken } = await publishLab(lab, vendor.url, labFlow(wire))
  let victimChild: CoupletChild
  if (victim === 'worker') victimChild = await start({ isWeb: false, isWorker: true, failpoints })
  else if (victim === 'web') {
    await web.stop()
    await start({ isWeb: false, isWorker: true })
    victimChild = web = await start({ isWeb: true, isWorker: false, failpoints })
  } else {
    await web.stop()
    victimChild = web = await start({ isWeb: true, isWorker: true, failpoints })
    if (isWhole) lab = parts.use(openLab({ url: web.url, vendorUrl: vendor.url, connectionsMax: 3 }))
  }

  let wasKilled = false
  const watch = (async () => {
    if (failpoint === '' || victim === 'database') return
    await victimChild.exited
    wasKilled = true
    killedAt ||= performance.now()
    const again = await start({ isWeb: victim !== 'worker', isWorker: victim !== 'web' })
    if (victim !== 'worker') web = again
    if (isWhole) lab = parts.use(openLab({ url: again.url, vendorUrl: vendor.url, connectionsMax: 3 }))
  })()

  const accepted = wire === 'feed' ? EVENTS : await sendEvents({ ids: EVENTS, hookToken, webUrl: () => web.webUrl })
  let uncertain = 0
  await until(`all runs have ended (${failpoint}, ${victim})`, async () => {
    const runs = await allRuns(lab)
    if (runs.length < EVENTS.length) return false
    if (runs.every((run) => FINAL.has(run.state))) return true
    if (runs.every((run) => FINAL.has(run.state) || run.state === 'parked')) uncertain += await decideUncertain(lab, vendor)
    return false
  })
  if (failpoint !== '') {
    if (victim === 'database') wasKilled = await until('the database was killed', () => killedAt > 0, 10_000).then(() => true)
    else await until('the victim was killed and replaced', () => wasKilled, 10_000)
  }
  await watch
  let stories: Outcome['stories'] = new Map()
  // Killed after the last run had ended, the database may still be on its way back.
  await until('the histories can be read', async () => {
    stories = await storiesOf(lab)
    return true
  })
  return {
    stories,
    accepted,
    repeated: repeatedWrites(vendor),
    wasKilled,
    uncertain,
    recoveredMs: killedAt === 0 ? 0 : Math.round(performance.now() - killedAt),
  }
}

async function prepare(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 2 })
  await migrate(pool)
  await pool.end()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Where the databases of crash tests live; the server's account must be able to pass through. */
export async function crashFolder(): Promise<string> {
  const folder = await temporaryFolder('couplet-crash-')
  await chmod(folder, 0o711)
  return folder
}
