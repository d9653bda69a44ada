import { access, constants, statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { toFault, userFault } from '@couplet/core'
import { Command } from 'commander'
import { EXIT } from '../print-fault.ts'
import { addressFor, clientFor, withUrl } from './api-client.ts'

type Finding = { title: string; words: string }
type Check = { title: string; look: () => Promise<string> }

const DISK_FREE_BYTES_MIN = 200_000_000
const CONNECT_TIMEOUT_MS = 3_000

/** Looks at what most often keeps Couplet from starting or working. Changes nothing. */
export function doctorCommand(): Command {
  return withUrl(new Command('doctor')).description('Check what Couplet needs, and how a running one is doing').action(doctor)
}

async function doctor(options: { url?: string }): Promise<void> {
  const { openPort, readConfig, VERSION } = await import('@couplet/server')
  const config = readConfig()
  const client = await clientFor(options)
  const running = await client.system.get().catch(() => undefined)
  const checks: Check[] = [
    { title: 'release', look: async () => `Couplet ${VERSION} on Node ${process.versions.node}` },
    { title: 'data folder', look: () => checkFolder(config.dataDir) },
    {
      title: 'database',
      look: async () =>
        running
          ? `${running.database.kind}, PostgreSQL ${running.database.version}`
          : config.databaseUrl === undefined
            ? 'embedded PostgreSQL, not running now'
            : checkServer(config.databaseUrl),
    },
    {
      title: 'port',
      look: async () => {
        if (running) return `Couplet ${running.version} answers at ${await addressFor(options)}`
        const port = await openPort(config)
        await port[Symbol.asyncDispose]()
        return `${config.port} on ${config.host} is free; Couplet does not run`
      },
    },
    {
      title: 'public address',
      look: async () => config.publicUrl ?? 'not set; live vendors cannot reach webhooks and reports (COUPLET_PUBLIC_URL)',
    },
  ]
  if (running) {
    checks.push({ title: 'memory', look: async () => `${Math.round(running.memory.rssBytes / 1e6)} MB` })
    checks.push({ title: 'workers', look: async () => checkWorkers(running.workers.length) })
    checks.push({
      title: 'runs',
      look: async () =>
        Object.entries(running.runs)
          .flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []))
          .join(', ') || 'none yet',
    })
  }
  for (const { title, look } of checks) print(await found(title, look))
}

async function found(title: string, look: () => Promise<string>): Promise<Finding & { isFine: boolean }> {
  try {
    return { title, words: await look(), isFine: true }
  } catch (error) {
    const fault = toFault(error)
    process.exitCode = EXIT.problems
    return { title, words: `${fault.message}\n${' '.repeat(20)}${fault.hint ?? ''}`, isFine: false }
  }
}

const print = ({ title, words, isFine }: Finding & { isFine: boolean }): void =>
  console.log(`${isFine ? 'ok  ' : 'BAD '} ${title.padEnd(15)}${words}`)

async function checkFolder(dataDir: string): Promise<string> {
  let existing = dataDir
  while (
    !(await access(existing).then(
      () => true,
      () => false,
    )) &&
    dirname(existing) !== existing
  )
    existing = dirname(existing)
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
  if (bavail * bsize < DISK_FREE_BYTES_MIN)
    throw userFault({ code: 'database.disk_full', message: `The disk of ${dataDir} has less than 200 MB left.`, hint: 'Free some space.' })
  return `${dataDir}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free`
}

/** Whether anybody listens there; Couplet itself says more when it starts. */
function checkServer(databaseUrl: string): Promise<string> {
  const { hostname, port } = new URL(databaseUrl)
  const number = port === '' ? 5432 : Number(port)
  return new Promise((resolve, reject) => {
    const unreachable = () =>
      reject(
        userFault({
          code: 'database.unreachable',
          message: `Nobody answers at ${hostname}:${number}.`,
          hint: 'Start that PostgreSQL server, or correct DATABASE_URL.',
        }),
      )
    const socket = connect({ host: hostname, port: number, timeout: CONNECT_TIMEOUT_MS })
    socket.once('connect', () => {
      socket.destroy()
      resolve(`a server listens at ${hostname}:${number}`)
    })
    socket.once('timeout', () => {
      socket.destroy()
      unreachable()
    })
    socket.once('error', unreachable)
  })
}

async function checkWorkers(count: number): Promise<string> {
  if (count > 0) return `${count} at work`
  throw userFault({ code: 'workers.none', message: 'Nobody performs runs.', hint: 'Start a worker: couplet worker.' })
}
