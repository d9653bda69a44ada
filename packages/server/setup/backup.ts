import { type BackedUp, backUp, createVault, loadKeyRing, migrate, openStore, restore, type Restored } from '@couplet/store'
import type { Config } from '../config.ts'
import { VERSION } from '../version.ts'
import { databaseFault, openDatabaseBeside, prepareDataFolder } from './database.ts'
import { keySourceOf } from './keys.ts'

/** One file with everything, from a running Couplet or one that is stopped. */
export async function backUpInstallation(config: Config, file: string): Promise<BackedUp> {
  const keys = keySourceOf(config)
  await using database = await openDatabaseBeside(config)
  await using store = openStore({ url: database.url, vault: createVault(await loadKeyRing(keys)), connectionsMax: 3 })
  try {
    await migrate(store.pool)
  } catch (error) {
    throw databaseFault(error, database)
  }
  return await backUp(store.pool, { file, release: VERSION, keys, now: new Date() })
}

/** The other way round. Couplet must not run on the database meanwhile. */
export async function restoreInstallation(config: Config, options: { file: string; mayReplace: boolean }): Promise<Restored> {
  await prepareDataFolder(config.dataDir)
  const ring = await loadKeyRing(keySourceOf(config))
  await using database = await openDatabaseBeside(config)
  await using store = openStore({ url: database.url, vault: createVault(ring), connectionsMax: 3 })
  return await restore(store.pool, { ...options, ring })
}
