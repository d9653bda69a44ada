import type { Pool, PoolClient } from 'pg'

/** All of it or nothing: commits when `work` resolves, rolls back when it throws. */
export async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      // The connection itself is broken: it is not used again.
      () => client.release(true),
    )
    throw error
  }
}
