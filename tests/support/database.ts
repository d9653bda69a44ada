import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'pg'
import { inject } from 'vitest'
import { isJsonObject } from '@couplet/core'
import { order, withDatabase } from './template-server.ts'

export type TestDatabase = AsyncDisposable & {
  url: string
  pool: Pool
}

/**
 * A database of its own for one test file: a clone of the migrated template, or an empty one. Dropped when disposed of, also
 * under connections that are still open.
 */
export async function testDatabase(options: { isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const server = await findServer()
  const name = `${server.prefix}_${randomBytes(6).toString('hex')}`
  // Copying files is the fastest where nothing has to reach the disk.
  const template = options.isEmpty ? 'template0' : server.template
  await order(server.url, (client) => client.query(`create database ${name} template ${template} strategy file_copy`))
  const url = withDatabase(server.url, name)
  const pool = new Pool({ connectionString: url, max: 10 })
  // Connections cut by the drop below report themselves here; a pool without a listener would end the process.
  pool.on('error', () => {})
  return {
    url,
    pool,
    async [Symbol.asyncDispose]() {
      if (!pool.ended) await pool.end()
      await order(server.url, async (client) => {
        // Connections that were just told to end need a moment; cutting them would raise an error that nobody listens to. A vacuum, which is the
        // server's own, cannot be cut.
        const isQuiet = async (): Promise<boolean> =>
          !(await client.query('select from pg_stat_activity where datname = $1', [name])).rowCount
        for (let round = 0; round < 1_000 && !(await isQuiet()); round++) await pause(10)
        await client.query(`drop database ${name} with (force)`)
      })
    },
  }
}

async function findServer(): Promise<{ url: string; template: string; prefix: string }> {
  const response = await fetch(inject('databaseStarter'))
  const answer: unknown = await response.json()
  if (isJsonObject(answer)) {
    const { url, template, prefix } = answer
    if (typeof url === 'string' && typeof template === 'string' && typeof prefix === 'string') return { url, template, prefix }
  }
  throw new Error(`The test database could not be prepared: ${JSON.stringify(answer)}`)
}
