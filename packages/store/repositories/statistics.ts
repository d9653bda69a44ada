import type { WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

export type Figure = {
  locationId: string
  account: string
  platform: string
  metric: string
  from: string
  to: string
  value: number
  source: string
  readAt: number
}

export type StatisticsRepository = {
  /** A later reading of the same account, metric and days replaces the earlier one. */
  record(workspaceId: WorkspaceId, figures: readonly Figure[]): Promise<number>
  list(workspaceId: WorkspaceId, filter: { locationId?: string; from?: string; to?: string }): Promise<Figure[]>
}

/** Social figures as read from the vendor. */
export function statisticsRepository(db: Kysely<Tables>): StatisticsRepository {
  return {
    record: async (workspaceId, figures) => {
      if (figures.length === 0) return 0
      const rows = figures.map((figure) => ({
        workspace_id: workspaceId,
        location_id: figure.locationId,
        account: figure.account,
        platform: figure.platform,
        metric: figure.metric,
        from_day: figure.from,
        to_day: figure.to,
        value: figure.value,
        source: figure.source,
        read_at: new Date(figure.readAt),
      }))
      await db
        .insertInto('statistics')
        .values(rows)
        .onConflict((oc) =>
          oc.columns(['workspace_id', 'location_id', 'account', 'platform', 'metric', 'from_day', 'to_day']).doUpdateSet((eb) => ({
            value: eb.ref('excluded.value'),
            source: eb.ref('excluded.source'),
            read_at: eb.ref('excluded.read_at'),
          })),
        )
        .execute()
      return rows.length
    },
    list: async (workspaceId, filter) => {
      let query = db.selectFrom('statistics').selectAll().where('workspace_id', '=', workspaceId)
      if (filter.locationId) query = query.where('location_id', '=', filter.locationId)
      if (filter.from) query = query.where('to_day', '>=', filter.from)
      if (filter.to) query = query.where('from_day', '<=', filter.to)
      const rows = await query.orderBy('to_day', 'desc').limit(5_000).execute()
      return rows.map((row) => ({
        locationId: row.location_id,
        account: row.account,
        platform: row.platform,
        metric: row.metric,
        from: row.from_day,
        to: row.to_day,
        value: row.value,
        source: row.source,
        readAt: row.read_at.getTime(),
      }))
    },
  }
}
