import { randomBytes } from 'node:crypto'
import type { WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import { jsonText } from './json-text.ts'

/** The last delivery of a kind. `reason`: why nobody got it; null for one that was heard. */
export type Sighting = { at: number; topic: string; tenant: string; reason: string | null }
export type SightingKind = 'heard' | 'unheard' | 'refused'

/** Where a vendor's app sends the events of all its accounts. */
export type AppAddress = {
  workspaceId: WorkspaceId
  connector: string
  environment: Environment
  hookToken: string
  madeAt: number
  lastHeard: Sighting | null
  lastUnheard: Sighting | null
  lastRefused: Sighting | null
}

export type AppAddressesRepository = {
  list(workspaceId: WorkspaceId): Promise<AppAddress[]>
  findByToken(token: string): Promise<AppAddress | undefined>
  /** Makes the address, or puts another in the place of the one there is: the old one is unknown from then on. */
  replace(workspaceId: WorkspaceId, connector: string, environment: Environment): Promise<AppAddress>
  note(token: string, kind: SightingKind, sighting: Sighting): Promise<void>
}

const PREFIX = 'app-'
const RANDOM_BYTES = 24
/** Longer than the token of a trigger's own address, so that neither is ever taken for the other. */
const TOKEN_CHARS = PREFIX.length + (RANDOM_BYTES * 4) / 3

/** Whether a webhook token is one of an app address; says nothing about whether there is such an address. */
export const isAppToken = (token: string): boolean => token.length === TOKEN_CHARS && token.startsWith(PREFIX)

type Row = {
  workspace_id: WorkspaceId
  connector: string
  environment: Environment
  hook_token: string
  made_at: Date
  last_heard: Sighting | null
  last_unheard: Sighting | null
  last_refused: Sighting | null
}

const toAddress = (row: Row): AppAddress => ({
  workspaceId: row.workspace_id,
  connector: row.connector,
  environment: row.environment,
  hookToken: row.hook_token,
  madeAt: row.made_at.getTime(),
  lastHeard: row.last_heard,
  lastUnheard: row.last_unheard,
  lastRefused: row.last_refused,
})

const COLUMN = { heard: 'last_heard', unheard: 'last_unheard', refused: 'last_refused' } as const satisfies Record<SightingKind, string>

export function appAddressesRepository(pool: Pool): AppAddressesRepository {
  return {
    list: async (workspaceId) =>
      (
        await pool.query<Row>('select * from app_addresses where workspace_id = $1 order by connector, environment', [workspaceId])
      ).rows.map(toAddress),
    findByToken: async (token) => {
      const { rows } = await pool.query<Row>('select * from app_addresses where hook_token = $1', [token])
      return rows[0] && toAddress(rows[0])
    },
    replace: async (workspaceId, connector, environment) => {
      const { rows } = await pool.query<Row>(
        `insert into app_addresses (workspace_id, connector, environment, hook_token) values ($1, $2, $3, $4)
         on conflict (workspace_id, connector, environment) do update set hook_token = excluded.hook_token, made_at = now(),
           last_heard = null, last_unheard = null, last_refused = null
         returning *`,
        [workspaceId, connector, environment, PREFIX + randomBytes(RANDOM_BYTES).toString('base64url')],
      )
      if (!rows[0]) throw new Error('The address was not written')
      return toAddress(rows[0])
    },
    note: async (token, kind, sighting) => {
      await pool.query(`update app_addresses set ${COLUMN[kind]} = $2::jsonb where hook_token = $1`, [token, jsonText(sighting)])
    },
  }
}
