import { type AlertChannelId, type FaultFacts, isJsonObject, newId, parseJson, type WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Vault } from '../vault/vault.ts'

export type AlertChannelKind = 'email' | 'slack' | 'teams' | 'webhook'
/** Between these times of day (`22:00`) in this zone nothing is sent. */
export type QuietHours = { from: string; until: string; zone: string }

export type AlertChannel = {
  id: AlertChannelId
  name: string
  kind: AlertChannelKind
  recipients: readonly string[]
  /** Host of the webhook, to recognise it by. */
  host: string | null
  quiet: QuietHours | null
  isOn: boolean
  fallbackId: AlertChannelId | null
  lastSentAt: number | null
  lastFault: FaultFacts | null
}

/** The address of a webhook and what its messages are signed with. */
export type ChannelSecret = { url: string; signingKey: string | undefined }

export type AlertChannelInput = Pick<AlertChannel, 'name' | 'recipients' | 'quiet' | 'isOn' | 'fallbackId'> & {
  /** Absent: what is kept stays. */
  secret?: ChannelSecret | undefined
}

export type AlertChannelsRepository = {
  list(workspaceId: WorkspaceId): Promise<AlertChannel[]>
  find(workspaceId: WorkspaceId, id: AlertChannelId): Promise<AlertChannel | undefined>
  secret(id: AlertChannelId): Promise<ChannelSecret | undefined>
  create(workspaceId: WorkspaceId, kind: AlertChannelKind, input: AlertChannelInput): Promise<AlertChannelId>
  update(workspaceId: WorkspaceId, id: AlertChannelId, input: AlertChannelInput): Promise<boolean>
  remove(workspaceId: WorkspaceId, id: AlertChannelId): Promise<boolean>
  noteSent(id: AlertChannelId, at: number): Promise<void>
  noteFault(id: AlertChannelId, fault: FaultFacts): Promise<void>
}

type Row = {
  id: AlertChannelId
  name: string
  kind: AlertChannelKind
  recipients: string[]
  host: string | null
  quiet: QuietHours | null
  is_on: boolean
  fallback_id: AlertChannelId | null
  last_sent_at: Date | null
  last_fault: FaultFacts | null
}

const COLUMNS = 'id, name, kind, recipients, host, quiet, is_on, fallback_id, last_sent_at, last_fault'

const toChannel = (row: Row): AlertChannel => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  recipients: row.recipients,
  host: row.host,
  quiet: row.quiet,
  isOn: row.is_on,
  fallbackId: row.fallback_id,
  lastSentAt: row.last_sent_at?.getTime() ?? null,
  lastFault: row.last_fault,
})

/** Where alerts go. Addresses of webhooks are sealed, bound to the channel's id. */
export function alertChannelsRepository(pool: Pool, vault: Vault): AlertChannelsRepository {
  const sealed = (id: AlertChannelId, secret: ChannelSecret | undefined): Buffer | null =>
    secret ? Buffer.from(vault.seal(JSON.stringify(secret), id)) : null
  const values = (id: AlertChannelId, input: AlertChannelInput): unknown[] => [
    id,
    input.name,
    [...input.recipients],
    sealed(id, input.secret),
    input.secret ? new URL(input.secret.url).host : null,
    input.quiet ? JSON.stringify(input.quiet) : null,
    input.isOn,
    input.fallbackId,
  ]

  return {
    list: async (workspaceId) =>
      (await pool.query<Row>(`select ${COLUMNS} from alert_channels where workspace_id = $1 order by name`, [workspaceId])).rows.map(
        toChannel,
      ),
    find: async (workspaceId, id) => {
      const { rows } = await pool.query<Row>(`select ${COLUMNS} from alert_channels where workspace_id = $1 and id = $2`, [workspaceId, id])
      return rows[0] && toChannel(rows[0])
    },
    secret: async (id) => {
      const { rows } = await pool.query<{ secret: Buffer | null }>('select secret from alert_channels where id = $1', [id])
      const envelope = rows[0]?.secret
      if (!envelope) return undefined
      const kept = parseJson(vault.openText(envelope, id))
      if (!isJsonObject(kept) || typeof kept['url'] !== 'string') return undefined
      return { url: kept['url'], signingKey: typeof kept['signingKey'] === 'string' ? kept['signingKey'] : undefined }
    },
    create: async (workspaceId, kind, input) => {
      const id = newId('chn')
      await pool.query(
        `insert into alert_channels (id, name, recipients, secret, host, quiet, is_on, fallback_id, workspace_id, kind)
         values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
        [...values(id, input), workspaceId, kind],
      )
      return id
    },
    update: async (workspaceId, id, input) => {
      const { rowCount } = await pool.query(
        `update alert_channels set name = $2, recipients = $3, secret = coalesce($4, secret), host = coalesce($5, host), quiet = $6::jsonb,
           is_on = $7, fallback_id = $8, last_fault = null
         where id = $1 and workspace_id = $9`,
        [...values(id, input), workspaceId],
      )
      return rowCount === 1
    },
    remove: async (workspaceId, id) =>
      (await pool.query('delete from alert_channels where workspace_id = $1 and id = $2', [workspaceId, id])).rowCount === 1,
    noteSent: async (id, at) => {
      await pool.query('update alert_channels set last_sent_at = $2, last_fault = null where id = $1', [id, new Date(at)])
    },
    noteFault: async (id, fault) => {
      await pool.query('update alert_channels set last_fault = $2::jsonb where id = $1', [id, JSON.stringify(fault)])
    },
  }
}
