import { spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@couplet/api'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from '../support/database.ts'

/*
 * Secrets are planted, the seed flows run (some through accounts that are refused), and then everything Couplet wrote is searched: what it said,
 * every column of every table, and what its API answers.
 */

const PLANTED = {
  highlevelToken: 'pit-0b57ac1e-7e57-4000-8000-deadbeef0001',
  heyzineKey: '1111111111111111111111111111111111111111.0badc0de0badc0de',
  payacaSecret: 'planted-payaca-client-secret-7f3a',
  mailPassword: 'planted-mail-password-91c2',
} as const
/** Credentials of the simulated vendors, which really open something there. The sandbox screen shows them on purpose; nothing else may. */
const SANDBOX = ['pit-5a3e1c70-0001-4b6d-9f20-c0ffee000001', '0123456789012345678901234567890123456789.00112233aabbccdd']

let folder: string
let database: TestDatabase
let said = ''
let client: Client
let url = ''
let stop: () => Promise<void> = () => Promise.resolve()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-planted-'))
  database = await testDatabase()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../packages/cli/couplet.ts'), 'start', '--port', '0'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      COUPLET_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      LOG_LEVEL: 'debug',
      COUPLET_SMTP_URL: `smtp://couplet:${PLANTED.mailPassword}@127.0.0.1:1`,
      COUPLET_MAIL_FROM: 'couplet@example.org',
    },
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      said += part.toString()
    })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  await vi.waitFor(() => expect(said).toMatch(/is ready on http/), { timeout: 60_000, interval: 100 })
  url = /ready on (http:\S+)/.exec(said)?.[1] ?? ''
  const token = await readFile(join(folder, 'data', `local-token-${new URL(url).port}`), 'utf8')
  client = createClient({ baseUrl: url, headers: { authorization: `Bearer ${token}` } })
}, 120_000)
afterAll(async () => {
  await stop()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** What a person and a day of work leave behind: refused accounts, runs of every seed flow, a mail that cannot be sent. */
async function work(): Promise<void> {
  const { vendors } = await client.sandbox.get()
  const origin = (vendor: string) => vendors.find((one) => one.vendor === vendor)?.url ?? ''
  const add = (connector: string, name: string, facts: Record<string, unknown>, secrets: Record<string, string>) =>
    client.connections.create({ body: { connector, name, environment: 'sandbox', origin: origin(connector), facts, secrets } })
  const made = [
    await add('highlevel', 'Refused location', { locationId: 'hR5tPq8LmVx2NcYb7KwZ' }, { token: PLANTED.highlevelToken }),
    await add('heyzine', 'Refused flipbooks', { clientId: '00112233aabbccdd' }, { apiKey: PLANTED.heyzineKey }).catch(() => undefined),
    await add('payaca', 'Refused company', {}, { clientId: 'planted', clientSecret: PLANTED.payacaSecret }).catch(() => undefined),
  ]
  for (const connection of made) if (connection) await client.connections.test({ params: { connection: connection.id } })

  const { flows } = await client.flows.list()
  for (const flow of flows) {
    await client.flows.poll({ params: { flow: flow.id } }).catch(() => undefined)
    await client.flows.start({ params: { flow: flow.id }, body: {} }).catch(() => undefined)
  }
  const mail = {
    format: 1,
    name: 'A mail that fails',
    trigger: { operation: 'builtin.manual.started', version: 1 },
    steps: [
      {
        id: 'mail',
        kind: 'action',
        operation: 'builtin.mail.send',
        version: 1,
        input: {
          to: { kind: 'value', value: ['ada@example.org'] },
          subject: { kind: 'value', value: 'Hello' },
          text: { kind: 'value', value: 'Hello' },
        },
      },
    ],
  }
  const { id } = await client.flows.create({ body: { from: 'file', text: JSON.stringify(mail) } })
  await client.flows.publish({ params: { flow: id }, body: {} })
  await client.flows.start({ params: { flow: id }, body: {} })
  await vi.waitFor(
    async () => {
      const { counts } = await client.runs.counts()
      expect((counts.queued ?? 0) + (counts.running ?? 0)).toBe(0)
    },
    { timeout: 40_000, interval: 200 },
  )
}

/** The names of the secrets found in a text, as they are or in the forms programs write them in. */
function foundIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')].some((form) =>
      text.includes(form),
    ),
  )
}

describe('after a day of work', () => {
  beforeAll(work, 90_000)
  const all = [...Object.values(PLANTED), ...SANDBOX]

  test('no secret is in what Couplet said, at the most talkative level', () => {
    expect(said).toContain('is ready on http')
    expect(foundIn(said, all)).toEqual([])
  })

  test('no secret is in any column of any table, and runs, calls and events are there to be searched', async () => {
    const pool = new Pool({ connectionString: database.url, max: 2 })
    try {
      const { rows: tables } = await pool.query<{ name: string }>(
        `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
      )
      let size = 0
      const found: string[] = []
      for (const { name } of tables) {
        const { rows } = await pool.query<{ text: string }>(`select t::text as text from ${name} t`)
        const text = rows.map((row) => row.text).join('\n')
        size += text.length
        found.push(...foundIn(text, all).map((secret) => `${name}: ${secret}`))
      }
      expect(tables.length).toBeGreaterThan(20)
      expect(size).toBeGreaterThan(50_000)
      expect(found).toEqual([])
    } finally {
      await pool.end()
    }
  })

  test('no secret is in what the API answers about connections, runs, the audit log and the installation', async () => {
    const { runs } = await client.runs.list({ query: { limit: 100 } })
    const whole = await Promise.all(runs.map(({ id }) => client.runs.get({ params: { run: id } })))
    const text = JSON.stringify([
      whole,
      await client.connections.list(),
      await client.flows.list(),
      await client.deliveries.list({ query: {} }),
      await client.audit.list({ query: {} }),
      await client.system.get(),
    ])
    expect(runs.length).toBeGreaterThan(3)
    expect(foundIn(text, all)).toEqual([])
  })

  test('no secret is in a file of the data folder, except the sealed ones and those of the sandbox itself', async () => {
    const names = (await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes('sandbox'),
    )
    for (const entry of names) {
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1')
      expect(foundIn(text, all), entry.name).toEqual([])
    }
  })
})
