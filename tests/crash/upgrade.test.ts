import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@couplet/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { allRuns, decideUncertain, repeatedWrites } from './audit.ts'
import { type ChildOrders, type CoupletChild, startChild } from './child-process.ts'
import { type Lab, labFlow, openLab, publishLab } from './lab.ts'
import { type LabVendor, startLabVendor } from './lab-vendor.ts'
import { sendEvents } from './sender.ts'
import { until } from './until.ts'

/** The next release's changes, of every kind that is allowed. */
const NEXT = `
  create table colours (id text primary key);
  alter table runs add column colour text references colours, add column weight integer not null default 1;
  alter table journal add column colour text;
  alter table deliveries add column colour text;
  create index runs_colour on runs (colour, id);
  create function colour_of(run text) returns text language sql as $$ select colour from runs where id = run $$;
`

let database: TestDatabase
let vendor: LabVendor
let lab: Lab
let folder: string
let next: string
let children: CoupletChild[] = []

const start = async (orders: Partial<ChildOrders>): Promise<CoupletChild> => {
  const child = await startChild({ url: database.url, vendorUrl: vendor.url, isWeb: false, isWorker: false, connectionsMax: 8, ...orders })
  children.push(child)
  return child
}

beforeEach(async () => {
  database = await testDatabase()
  vendor = await startLabVendor()
  lab = openLab({ url: database.url, vendorUrl: vendor.url, connectionsMax: 3 })
  folder = await mkdtemp(join(tmpdir(), 'couplet-upgrade-'))
  next = join(folder, 'migrations')
  await cp(join(import.meta.dirname, '../../packages/store/migrations'), next, { recursive: true })
  const { version } = await migrate(database.pool)
  await writeFile(join(next, `${String(version + 1).padStart(4, '0')}-next.sql`), NEXT)
})
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill('SIGKILL')))
  children = []
  await lab[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

describe('an upgrade while events come in', { timeout: 90_000 }, () => {
  test('old and new processes work side by side, an old one that starts late stops, and every run is done once', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook'))
    vendor.latencyMs = 20
    const oldWeb = await start({ isWeb: true })
    const oldWorker = await start({ isWorker: true })
    const send = async (web: CoupletChild, from: number): Promise<void> => {
      const ids = Array.from({ length: 40 }, (_, index) => `event-${from + index}`)
      expect(await sendEvents({ ids, hookToken, webUrl: () => web.webUrl })).toHaveLength(ids.length)
    }

    const before = send(oldWeb, 1)
    // The schema changes under the old processes, in the middle of their work.
    const newWorker = await start({ isWorker: true, migrations: next })
    await before
    const newWeb = await start({ isWeb: true, migrations: next })
    await Promise.all([send(oldWeb, 101), send(newWeb, 201)])
    expect([oldWeb, oldWorker, newWorker, newWeb].filter((child) => child.isGone())).toEqual([])

    await expect(migrate(database.pool)).rejects.toMatchObject({ code: 'database.newer_than_code' })
    await expect(start({ isWorker: true, migrations: join(import.meta.dirname, '../../packages/store/migrations') })).rejects.toThrow(
      'ended before it was ready',
    )

    await oldWeb.stop()
    await oldWorker.stop()
    await send(newWeb, 301)
    await until('all runs have ended or are parked', async () =>
      (await allRuns(lab)).every((run) => run.state === 'done' || run.state === 'parked'),
    )
    expect(await decideUncertain(lab, vendor)).toBe(0)
    const runs = await allRuns(lab)
    expect(runs).toHaveLength(160)
    expect(runs.filter((run) => run.state !== 'done')).toEqual([])
    expect(repeatedWrites(vendor)).toEqual([])
  })
})
