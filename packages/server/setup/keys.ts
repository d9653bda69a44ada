import { createVault, forgetKeys, type KeySource, type KeyUse, listKeys, loadKeyRing, migrate, openStore, rotateKeys } from '@couplet/store'
import type { Config } from '../config.ts'
import { databaseFault, openDatabaseBeside } from './database.ts'

/** What `couplet keys` can do; see rotate-keys.ts in the store for faults. */
export type Keys = {
  list(): Promise<KeyUse[]>
  rotate(): Promise<{ currentKey: string; rewrapped: number }>
  forget(): Promise<string[]>
}

/** Where this installation keeps its keys. */
export const keySourceOf = (config: Pick<Config, 'dataDir' | 'key'>): KeySource => ({
  dataDir: config.dataDir,
  ...(config.key === undefined ? {} : { coupletKey: config.key }),
})

/** Does something with the keys, on the database of a running Couplet or, when none runs, on one started for the while. */
export async function withKeys<Answer>(config: Config, work: (keys: Keys) => Promise<Answer>): Promise<Answer> {
  const source = keySourceOf(config)
  await using database = await openDatabaseBeside(config)
  await using store = openStore({ url: database.url, vault: createVault(await loadKeyRing(source)), connectionsMax: 3 })
  try {
    await migrate(store.pool)
  } catch (error) {
    throw databaseFault(error, database)
  }
  return await work({
    list: () => listKeys(store.pool, source),
    rotate: () => rotateKeys(store.pool, source),
    forget: () => forgetKeys(store.pool, source, Date.now()),
  })
}
