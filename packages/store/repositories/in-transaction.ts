import type { Pool, PoolClient } from 'pg'

/**
 * All of it or nothing: commits when `work` resolves, rolls back when it throws. Not `isDurable`: a crash of the database may forget it, whole;
 * for what is written again then.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  { isDurable = true }: { isDurable?: boolean } = {},
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query(isDurable ? 'begin' : 'begin; set local synchronous_commit = off')
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
