import { createVault, openStore } from '@couplet/store'
import { keyOf } from '../../packages/store/vault/key-ring.ts'

/** Transactions the database has committed since it was made (its own count). */
export async function transactionCount(databaseUrl: string): Promise<number> {
  await using store = openStore({ url: databaseUrl, vault: createVault([keyOf(Buffer.alloc(32, 7))]), connectionsMax: 1 })
  // Counts are published when a connection ends a transaction after a pause; a second look a moment later sees them.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  const { rows } = await store.pool.query<{ commits: string }>(
    'select xact_commit as commits from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.commits ?? 0)
}
