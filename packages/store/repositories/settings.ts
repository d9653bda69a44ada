import type { Json } from '@couplet/core'
import type { Pool } from 'pg'

export type SettingsRepository = {
  read(name: string): Promise<Json | undefined>
  write(name: string, value: Json): Promise<void>
  /** True for one caller in every `everyMs`, across all processes. */
  claimTurn(work: string, everyMs: number): Promise<boolean>
  /** Version of the PostgreSQL that answers; also shows that it does. */
  serverVersion(): Promise<string>
}

const CLAIM = `
  insert into settings (name, value) values ($1 || '-turn', jsonb_build_object('at', extract(epoch from now())))
  on conflict (name) do update set value = excluded.value
  where (settings.value ->> 'at')::numeric <= extract(epoch from now()) - $2
  returning 1`

/** Facts about the installation that a person or the installation itself sets. */
export function settingsRepository(pool: Pool): SettingsRepository {
  return {
    read: async (name) => (await pool.query<{ value: Json }>('select value from settings where name = $1', [name])).rows[0]?.value,
    claimTurn: async (work, everyMs) => (await pool.query(CLAIM, [work, everyMs / 1_000])).rowCount === 1,
    serverVersion: async () => (await pool.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? 'unknown',
    write: async (name, value) => {
      await pool.query(
        'insert into settings (name, value) values ($1, $2::jsonb) on conflict (name) do update set value = excluded.value',
        [name, JSON.stringify(value)],
      )
    },
  }
}
