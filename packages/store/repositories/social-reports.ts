import { newId, type WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'

/** How a workspace's reports look. */
export type Brand = { name: string; color: string; logo: { bytes: Uint8Array; contentType: 'image/png' | 'image/jpeg' } | null }

export type ReportRow = {
  id: string
  environment: Environment
  name: string
  title: string
  scope: string
  from: string
  to: string
  pages: number
  sha256: string
  publicUrl: string | null
  runId: string | null
  sentTo: string[]
  madeAt: number
}

export type SocialReportsRepository = {
  brand(workspaceId: WorkspaceId): Promise<Brand | undefined>
  /** `logo` absent: the one that is kept stays; `null` takes it away. */
  setBrand(workspaceId: WorkspaceId, brand: Pick<Brand, 'name' | 'color'> & { logo?: Brand['logo'] | undefined }): Promise<void>
  /** Keeps a report with its bytes; the newest of the same name and the same bytes is only touched. Older ones beyond a bound are let go. */
  keep(workspaceId: WorkspaceId, report: Omit<ReportRow, 'id' | 'sentTo' | 'madeAt'> & { bytes: Uint8Array; at: number }): Promise<string>
  list(workspaceId: WorkspaceId, limit: number): Promise<ReportRow[]>
  open(workspaceId: WorkspaceId, id: string): Promise<(ReportRow & { bytes: Uint8Array }) | undefined>
  noteSent(id: string, to: readonly string[]): Promise<void>
}

/** A year of weeks, for each name. */
const KEPT_OF_NAME = 53

const COLUMNS = `id, environment, name, title, scope, from_day as "from", to_day as "to", pages, sha256, public_url as "publicUrl", run_id as "runId",
  sent_to as "sentTo", (extract(epoch from made_at) * 1000)::float8 as "madeAt"`

/** Reports that were made, and how they look. */
export function socialReportsRepository(pool: Pool): SocialReportsRepository {
  return {
    brand: async (workspaceId) => {
      const { rows } = await pool.query<{ name: string; color: string; logo: Buffer | null; logo_type: 'image/png' | 'image/jpeg' | null }>(
        'select name, color, logo, logo_type from brands where workspace_id = $1',
        [workspaceId],
      )
      const [row] = rows
      return (
        row && {
          name: row.name,
          color: row.color,
          logo: row.logo && row.logo_type ? { bytes: row.logo, contentType: row.logo_type } : null,
        }
      )
    },
    setBrand: async (workspaceId, { name, color, logo }) => {
      await pool.query(
        `insert into brands (workspace_id, name, color, logo, logo_type) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id) do update set name = $2, color = $3, logo = case when $6 then $4 else brands.logo end,
           logo_type = case when $6 then $5 else brands.logo_type end, updated_at = now()`,
        [workspaceId, name, color, logo ? Buffer.from(logo.bytes) : null, logo?.contentType ?? null, logo !== undefined],
      )
    },
    keep: async (workspaceId, report) => {
      const same = await pool.query<{ id: string }>(
        `update social_reports set made_at = $4, public_url = $5, run_id = coalesce($6, run_id) where id = (
           select id from social_reports where workspace_id = $1 and name = $2 order by made_at desc limit 1) and sha256 = $3 returning id`,
        [workspaceId, report.name, report.sha256, new Date(report.at), report.publicUrl, report.runId],
      )
      if (same.rows[0]) return same.rows[0].id
      const id = newId('art')
      await pool.query(
        `insert into social_reports (id, workspace_id, environment, name, title, scope, from_day, to_day, pages, sha256, bytes, public_url, run_id, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          id,
          workspaceId,
          report.environment,
          report.name,
          report.title,
          report.scope,
          report.from,
          report.to,
          report.pages,
          report.sha256,
          Buffer.from(report.bytes),
          report.publicUrl,
          report.runId,
          new Date(report.at),
        ],
      )
      await pool.query(
        `delete from social_reports where id in (
           select id from social_reports where workspace_id = $1 and name = $2 order by made_at desc offset $3)`,
        [workspaceId, report.name, KEPT_OF_NAME],
      )
      return id
    },
    list: async (workspaceId, limit) =>
      (
        await pool.query<ReportRow>(`select ${COLUMNS} from social_reports where workspace_id = $1 order by made_at desc limit $2`, [
          workspaceId,
          limit,
        ])
      ).rows,
    open: async (workspaceId, id) =>
      (
        await pool.query<ReportRow & { bytes: Buffer }>(
          `select ${COLUMNS}, bytes from social_reports where workspace_id = $1 and id = $2`,
          [workspaceId, id],
        )
      ).rows[0],
    noteSent: async (id, to) => {
      await pool.query(
        'update social_reports set sent_to = (select array_agg(distinct x) from unnest(sent_to || $2::text[]) as x) where id = $1',
        [id, to],
      )
    },
  }
}
