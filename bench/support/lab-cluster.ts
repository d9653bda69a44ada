import { rm } from 'node:fs/promises'
import { migrate, startEmbeddedPostgres } from '@couplet/store'
import { Pool } from 'pg'
import { type CoupletChild, startChild } from '../../tests/crash/child-process.ts'
import { crashFolder } from '../../tests/crash/crash-case.ts'
import { type Lab, labFlow, openLab, publishLab } from '../../tests/crash/lab.ts'
import { type LabVendor, startLabVendor } from '../../tests/crash/lab-vendor.ts'

export type LabCluster = AsyncDisposable & {
  vendor: LabVendor
  lab: Lab
  hookToken: string
  /** Changes when the server had to be started again. */
  databasePid(): number
  /** Starts a process and keeps it on the list of those to end. */
  start(role: { isWeb?: boolean; isWorker?: boolean }): Promise<CoupletChild>
}

/** A durable PostgreSQL, a vendor and a published flow; web and worker processes as the caller wants them. */
export async function startLabCluster(flow: Parameters<typeof labFlow>[1] = {}): Promise<LabCluster> {
  await using parts = new AsyncDisposableStack()
  const dataDir = await crashFolder()
  parts.defer(() => rm(dataDir, { recursive: true, force: true }))
  const vendor = parts.use(await startLabVendor())
  const database = parts.use(await startEmbeddedPostgres({ dataDir }))
  const pool = new Pool({ connectionString: database.url, max: 2 })
  await migrate(pool)
  await pool.end()
  const lab = parts.use(openLab({ url: database.url, vendorUrl: vendor.url, connectionsMax: 4 }))
  const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', flow))
  const children: CoupletChild[] = []
  parts.defer(async () => {
    await Promise.all(children.map((child) => child.kill('SIGKILL')))
  })
  const held = parts.move()
  return {
    vendor,
    lab,
    hookToken,
    databasePid: () => database.pid,
    start: async ({ isWeb = false, isWorker = false }) => {
      const child = await startChild({ url: database.url, vendorUrl: vendor.url, isWeb, isWorker, connectionsMax: 12 })
      children.push(child)
      return child
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** Value of `--name N` on the command line. */
export function numberArgument(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`)
  const value = index === -1 ? Number.NaN : Number(process.argv[index + 1])
  return Number.isFinite(value) ? value : otherwise
}
