import { blockOf, type ConnectionId, type FaultFacts, mondayOf, type WorkspaceId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import { inTransaction } from './in-transaction.ts'

/** What is counted for an account and a day. `followers` is a level, all others are added up over days. */
export const SOCIAL_METRICS = ['followers', 'impressions', 'reach', 'likes', 'comments', 'shares', 'posts', 'clicks'] as const
export type SocialMetric = (typeof SOCIAL_METRICS)[number]
export type SocialNumbers = Partial<Record<SocialMetric, number>>

export type SocialLocation = {
  id: number
  workspaceId: WorkspaceId
  environment: Environment
  locationId: string
  name: string
  zone: string
  group: string | null
  connectionId: ConnectionId | null
  isCollecting: boolean
  historyDays: number
  historyFrom: string | null
  generation: string | null
  nextAt: number | null
  readAt: number | null
  fault: FaultFacts | null
}

export type SocialAccount = { account: string; platform: string; name: string; needsReconnect: boolean }

/** Numbers of one account and day. What is absent is not known and leaves what was known before. */
export type SocialDay = { account: string; day: string; numbers: SocialNumbers; estimated?: readonly SocialMetric[] }

export type SocialHistoryRepository = {
  /** Creates the location or brings its name, zone and connection up to date; what is absent stays as it was. */
  putLocation(location: {
    workspaceId: WorkspaceId
    environment: Environment
    locationId: string
    name?: string
    zone?: string
    connectionId?: ConnectionId
  }): Promise<SocialLocation>
  locations(workspaceId: WorkspaceId, environment?: Environment): Promise<SocialLocation[]>
  location(id: number): Promise<SocialLocation | undefined>
  setGroup(workspaceId: WorkspaceId, ids: readonly number[], group: string | null): Promise<void>
  /** Switches collecting on (the first reading is due at once) or off. */
  setCollecting(
    workspaceId: WorkspaceId,
    ids: readonly number[],
    settings: { isOn: boolean; at: number; historyDays?: number },
  ): Promise<void>
  /** Makes a reading due at this time (epoch ms). */
  readAt(workspaceId: WorkspaceId, ids: readonly number[], at: number): Promise<void>
  /** Takes locations that are due; they come due again after `leaseMs` should this process die. */
  claimDue(now: number, leaseMs: number, limit: number): Promise<SocialLocation[]>
  finishReading(
    id: number,
    result: { nextAt: number; readAt?: number; fault: FaultFacts | null; generation?: string; historyFrom?: string },
  ): Promise<void>
  /** Accounts as the vendor lists them; others of the location are marked as no longer listed. */
  putAccounts(location: number, accounts: readonly SocialAccount[]): Promise<void>
  accounts(location: number): Promise<(SocialAccount & { isListed: boolean })[]>
  /**
   * Writes days and brings the weeks along, in one transaction. A number given replaces what was there; an estimate never replaces a number that
   * was read. Days of unknown accounts are left out. Answers how many rows were written.
   */
  recordDays(location: number, days: readonly SocialDay[], reading: { source: string; readAt: number }): Promise<number>
  /** Days of a location as they are kept. */
  days(location: number, from: string, to: string): Promise<(SocialDay & { estimated: readonly SocialMetric[] })[]>
}

const LOCATION = `id, workspace_id as "workspaceId", environment, location_id as "locationId", name, zone, group_name as "group",
  connection_id as "connectionId", is_collecting as "isCollecting", history_days as "historyDays", history_from as "historyFrom", generation,
  (extract(epoch from next_at) * 1000)::float8 as "nextAt", (extract(epoch from read_at) * 1000)::float8 as "readAt", fault`

const PUT_LOCATION = `
  insert into social_locations (workspace_id, environment, location_id, name, zone, connection_id)
  values ($1, $2, $3, coalesce($4, $3), coalesce($5, 'UTC'), $6)
  on conflict (workspace_id, environment, location_id) do update set
    name = coalesce($4, social_locations.name), zone = coalesce($5, social_locations.zone),
    connection_id = coalesce($6, social_locations.connection_id)
  returning ${LOCATION}`

const CLAIM_DUE = `
  update social_locations set next_at = $2 where id in (
    select id from social_locations where is_collecting and next_at <= $1 order by next_at limit $3 for update skip locked)
  returning ${LOCATION}`

const FINISH = `
  update social_locations set next_at = $2, read_at = coalesce($3, read_at), fault = $4, generation = coalesce($5, generation),
    history_from = coalesce($6, history_from)
  where id = $1`

const PUT_ACCOUNTS = `
  insert into social_accounts (location, account, platform, name, needs_reconnect)
  select $1, a.account, a.platform, a.name, a."needsReconnect" from jsonb_to_recordset($2::jsonb)
    as a (account text, platform text, name text, "needsReconnect" boolean)
  on conflict (location, account) do update set platform = excluded.platform, name = excluded.name,
    needs_reconnect = excluded.needs_reconnect, is_listed = true`

const UNLIST = `update social_accounts set is_listed = false where location = $1 and is_listed and not account = any($2::text[])`

/** An estimate gives way to what was read; what was read gives way to a later reading. */
const replaced = (metric: SocialMetric): string => `
  ${metric} = case when excluded.${metric} is null then d.${metric}
    when '${metric}' = any(coalesce(excluded.estimated, '{}')) and d.${metric} is not null and not '${metric}' = any(coalesce(d.estimated, '{}')) then d.${metric}
    else excluded.${metric} end`

const estimatedAfter = `(
  select nullif(array_agg(m.name order by m.name), '{}') from (values ${SOCIAL_METRICS.map((metric) => `('${metric}', excluded.${metric}, d.${metric})`).join(', ')}) as m (name, given, was)
  where case when m.given is null then m.name = any(coalesce(d.estimated, '{}'))
    else m.name = any(coalesce(excluded.estimated, '{}')) and (m.was is null or m.name = any(coalesce(d.estimated, '{}'))) end)`

const NUMBERS = SOCIAL_METRICS.map((metric) => `${metric} integer`).join(', ')
const LIST = SOCIAL_METRICS.join(', ')

const RECORD_DAYS = `
  insert into social_days as d (account, day, ${LIST}, estimated, source, read_at)
  select a.id, n.day, ${SOCIAL_METRICS.map((metric) => `n.${metric}`).join(', ')}, nullif(n.estimated, '{}'), $3, $4
  from jsonb_to_recordset($2::jsonb) as n (account text, day date, estimated text[], ${NUMBERS})
  join social_accounts a on a.location = $1 and a.account = n.account
  on conflict (account, day) do update set ${SOCIAL_METRICS.map(replaced).join(',')},
    estimated = ${estimatedAfter}, source = excluded.source, read_at = excluded.read_at
  where d.read_at <= excluded.read_at`

const SUMS = SOCIAL_METRICS.filter((metric) => metric !== 'followers')
const FORGET_WEEKS = `delete from social_weeks where location = $1 and week = any($2::date[])`
const WRITE_WEEKS = `
  insert into social_weeks (location, week, platform, readings, followers, ${SUMS.join(', ')})
  select $1, week, platform, sum(readings), sum(followers), ${SUMS.map((metric) => `sum(${metric})`).join(', ')}
  from (
    select date_trunc('week', d.day)::date as week, a.platform, count(*) as readings,
      (array_agg(d.followers order by d.day desc) filter (where d.followers is not null))[1] as followers,
      ${SUMS.map((metric) => `sum(d.${metric}) as ${metric}`).join(', ')}
    from social_accounts a join social_days d on d.account = a.id
    where a.location = $1 and exists (select 1 from unnest($2::date[]) as w (week) where d.day >= w.week and d.day < w.week + 7)
    group by 1, 2, a.id) as by_account
  group by week, platform`

const FORGET_TOTALS = `delete from social_totals where location = $1 and date_trunc('week', start)::date = any($2::date[])`
const WRITE_TOTALS = `
  insert into social_totals (location, span, start, readings, followers, ${SUMS.join(', ')})
  select $1, 7, week, sum(readings), sum(followers), ${SUMS.map((metric) => `sum(${metric})`).join(', ')}
  from social_weeks where location = $1 and week = any($2::date[]) group by week
  union all
  select $1, 1, d.day, count(*), sum(d.followers), ${SUMS.map((metric) => `sum(d.${metric})`).join(', ')}
  from social_accounts a join social_days d on d.account = a.id
  where a.location = $1 and exists (select 1 from unnest($2::date[]) as w (week) where d.day >= w.week and d.day < w.week + 7)
  group by d.day`

const FORGET_BLOCKS = `delete from social_blocks where location = $1 and start = any($2::date[])`
const WRITE_BLOCKS = `
  insert into social_blocks (location, start, platform, readings, ${SUMS.join(', ')})
  select $1, b.start, w.platform, sum(w.readings), ${SUMS.map((metric) => `sum(w.${metric})`).join(', ')}
  from unnest($2::date[]) as b (start) join social_weeks w on w.location = $1 and w.week >= b.start and w.week < b.start + 56
  group by b.start, w.platform`

const WIDEN = `
  update social_accounts a set first_day = least(a.first_day, n.first_day), last_day = greatest(a.last_day, n.last_day)
  from (select account, min(day) as first_day, max(day) as last_day from jsonb_to_recordset($2::jsonb) as d (account text, day date) group by account) as n
  where a.location = $1 and a.account = n.account`

const DAYS = `
  select a.account, d.day, ${SOCIAL_METRICS.map((metric) => `d.${metric}`).join(', ')}, coalesce(d.estimated, '{}') as estimated
  from social_accounts a join social_days d on d.account = a.id
  where a.location = $1 and d.day between $2 and $3 order by d.day, a.account`

const mondays = (days: readonly SocialDay[]): string[] => [...new Set(days.map(({ day }) => mondayOf(day)))]

/** The history of social figures: locations, their accounts, and numbers day by day. */
export function socialHistoryRepository(pool: Pool): SocialHistoryRepository {
  const rows = async <Row extends object>(text: string, values: unknown[]): Promise<Row[]> => (await pool.query<Row>(text, values)).rows
  return {
    putLocation: async ({ workspaceId, environment, locationId, name, zone, connectionId }) => {
      const [row] = await rows<SocialLocation>(PUT_LOCATION, [
        workspaceId,
        environment,
        locationId,
        name ?? null,
        zone ?? null,
        connectionId ?? null,
      ])
      if (!row) throw new Error('The location was not written')
      return row
    },
    locations: (workspaceId, environment) =>
      rows<SocialLocation>(
        `select ${LOCATION} from social_locations where workspace_id = $1 and ($2::text is null or environment = $2) order by name, id`,
        [workspaceId, environment ?? null],
      ),
    location: async (id) => (await rows<SocialLocation>(`select ${LOCATION} from social_locations where id = $1`, [id]))[0],
    setGroup: async (workspaceId, ids, group) => {
      await rows(`update social_locations set group_name = $3 where workspace_id = $1 and id = any($2::int[])`, [workspaceId, ids, group])
    },
    setCollecting: async (workspaceId, ids, { isOn, at, historyDays }) => {
      await rows(
        `update social_locations set is_collecting = $3, next_at = case when $3 then $5::timestamptz end, fault = null, history_days = coalesce($4, history_days)
         where workspace_id = $1 and id = any($2::int[])`,
        [workspaceId, ids, isOn, historyDays ?? null, new Date(at)],
      )
    },
    readAt: async (workspaceId, ids, at) => {
      await rows(`update social_locations set next_at = $3 where workspace_id = $1 and id = any($2::int[]) and is_collecting`, [
        workspaceId,
        ids,
        new Date(at),
      ])
    },
    claimDue: (now, leaseMs, limit) => rows<SocialLocation>(CLAIM_DUE, [new Date(now), new Date(now + leaseMs), limit]),
    finishReading: async (id, { nextAt, readAt, fault, generation, historyFrom }) => {
      await rows(FINISH, [
        id,
        new Date(nextAt),
        readAt === undefined ? null : new Date(readAt),
        fault === null ? null : JSON.stringify(fault),
        generation ?? null,
        historyFrom ?? null,
      ])
    },
    putAccounts: (location, accounts) =>
      inTransaction(pool, async (client) => {
        await client.query(PUT_ACCOUNTS, [location, JSON.stringify(accounts)])
        await client.query(UNLIST, [location, accounts.map(({ account }) => account)])
      }),
    accounts: (location) =>
      rows(
        `select account, platform, name, needs_reconnect as "needsReconnect", is_listed as "isListed" from social_accounts where location = $1 order by platform, account`,
        [location],
      ),
    recordDays: async (location, days, { source, readAt }) => {
      if (days.length === 0) return 0
      const flat = days.map(({ account, day, numbers, estimated }) => ({ account, day, estimated: estimated ?? [], ...numbers }))
      const weeks = mondays(days)
      const blocks = [...new Set(weeks.map(blockOf))]
      return inTransaction(pool, async (client) => {
        // Two readings of one location must not write the same weeks at once.
        await client.query('select from social_locations where id = $1 for no key update', [location])
        const { rowCount } = await client.query(RECORD_DAYS, [location, JSON.stringify(flat), source, new Date(readAt)])
        await client.query(FORGET_WEEKS, [location, weeks])
        await client.query(WRITE_WEEKS, [location, weeks])
        await client.query(FORGET_TOTALS, [location, weeks])
        await client.query(WRITE_TOTALS, [location, weeks])
        await client.query(FORGET_BLOCKS, [location, blocks])
        await client.query(WRITE_BLOCKS, [location, blocks])
        await client.query(WIDEN, [location, JSON.stringify(flat)])
        return rowCount ?? 0
      })
    },
    days: async (location, from, to) => {
      const found = await rows<{ account: string; day: string; estimated: SocialMetric[] } & Record<SocialMetric, number | null>>(DAYS, [
        location,
        from,
        to,
      ])
      return found.map((row) => {
        const numbers: SocialNumbers = {}
        for (const metric of SOCIAL_METRICS) {
          const value = row[metric]
          if (value !== null) numbers[metric] = value
        }
        return { account: row.account, day: row.day, numbers, estimated: row.estimated }
      })
    },
  }
}
