/**
 * How fast dashboards answer over a large history, generated in the database.
 * `npm run bench -- statistics [--locations 500] [--days 730] [--accounts 4] [--database <url>]`
 * Ends with 1 when the middle of several answers takes longer than 300 ms.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addDays, dayOf } from '@couplet/core'
import { createVault, FIRST_WORKSPACE, migrate, openStore, startEmbeddedPostgres } from '@couplet/store'
import { loadOverview } from '../packages/server/statistics/overview.ts'
import { keyOf } from '../packages/store/vault/key-ring.ts'
import { machine } from './support/machine.ts'

const { values } = parseArgs({
  options: {
    locations: { type: 'string', default: '500' },
    days: { type: 'string', default: '730' },
    accounts: { type: 'string', default: '4' },
    database: { type: 'string' },
  },
})
const [locations, days, accounts] = [values.locations, values.days, values.accounts].map(Number) as [number, number, number]
const BOUND_MS = 300
const ROUNDS = 9

await using parts = new AsyncDisposableStack()
let url = values.database
if (url === undefined) {
  const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
  parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  url = parts.use(await startEmbeddedPostgres({ dataDir })).url
}
const store = parts.use(openStore({ url, vault: createVault([keyOf(Buffer.alloc(32, 7))]) }))
await migrate(store.pool)

const now = Date.now()
const yesterday = addDays(dayOf('UTC', now), -1)
await generate()

const questions = {
  'all locations, 28 days': { days: 28 },
  'all locations, 90 days': { days: 90 },
  'all locations, 52 weeks': { days: 364 },
  'all locations, two years': { days, compare: 'none' as const },
  'all locations, two years, one network': { days, platform: 'platform1', compare: 'none' as const },
  'one location, two years': { days, location: '1', compare: 'none' as const },
}
const results = []
for (const [question, query] of Object.entries(questions)) {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    await loadOverview(store, FIRST_WORKSPACE, { compare: 'previous', metric: 'impressions', ...query }, now)
    took.push(performance.now() - startedAt)
  }
  const sorted = took.toSorted((left, right) => left - right)
  results.push({ question, medianMs: Math.round(sorted[Math.floor(ROUNDS / 2)] ?? 0), slowestMs: Math.round(sorted.at(-1) ?? 0) })
}
const size = await store.pool.query<{ days: string; weeks: string; rows: string }>(
  `select pg_size_pretty(pg_total_relation_size('social_days')) as days, pg_size_pretty(pg_total_relation_size('social_weeks')) as weeks,
     (select count(*) from social_days)::text as rows`,
)
console.table(results)
console.log(
  JSON.stringify({ bench: 'statistics', locations, days, accounts, ...size.rows[0], boundMs: BOUND_MS, results, machine: machine() }),
)
process.exitCode = results.some(({ medianMs }) => medianMs > BOUND_MS) ? 1 : 0

/** Figures as even as a history can be; every 37th day of an account is missing. */
async function generate(): Promise<void> {
  const { pool } = store
  await pool.query(
    `insert into social_locations (workspace_id, environment, location_id, name, zone, is_collecting, read_at, next_at)
     select $1, 'live', 'loc' || n, 'Location ' || n, 'Europe/London', true, now(), now() + interval '1 hour' from generate_series(1, $2::int) as n`,
    [FIRST_WORKSPACE, locations],
  )
  await pool.query(
    `insert into social_accounts (location, account, platform, name)
     select l.id, 'acc' || l.id || '-' || n, 'platform' || n, l.name from social_locations l, generate_series(1, $1::int) as n`,
    [accounts],
  )
  await pool.query(
    `insert into social_days (account, day, followers, impressions, reach, likes, comments, shares, posts, source, read_at)
     select a.id, d::date, 1000 + n, 400 + (a.id * 31 + n * 7) % 500, 200 + (a.id * 17 + n * 5) % 300, (a.id + n) % 40, (a.id + n) % 9, n % 5,
       case when n % 3 = 0 then 1 else 0 end, 'bench', now()
     from social_accounts a, generate_series($1::date - ($2::int - 1), $1::date, interval '1 day') with ordinality as g (d, n)
     where (a.id + n) % 37 <> 0 order by a.id, d`,
    [yesterday, days],
  )
  await pool.query(
    `insert into social_weeks (location, week, platform, readings, followers, impressions, reach, likes, comments, shares, posts)
     select a.location, date_trunc('week', d.day)::date, a.platform, count(*), max(d.followers), sum(d.impressions), sum(d.reach), sum(d.likes),
       sum(d.comments), sum(d.shares), sum(d.posts)
     from social_accounts a join social_days d on d.account = a.id group by 1, 2, 3 order by 1, 2, 3`,
  )
  await pool.query(
    `insert into social_blocks (location, start, platform, readings, impressions, reach, likes, comments, shares, posts)
     select location, date '1970-01-05' + (week - date '1970-01-05') / 56 * 56, platform, sum(readings), sum(impressions), sum(reach), sum(likes),
       sum(comments), sum(shares), sum(posts)
     from social_weeks group by 1, 2, 3 order by 1, 2, 3`,
  )
  await pool.query(
    `insert into social_totals (location, span, start, readings, followers, impressions, reach, likes, comments, shares, posts)
     select w.location, 7, w.week, sum(w.readings), sum(w.followers), sum(w.impressions), sum(w.reach), sum(w.likes), sum(w.comments),
       sum(w.shares), sum(w.posts)
     from social_weeks w group by 1, 3 order by 1, 3`,
  )
  await pool.query(
    `insert into social_totals (location, span, start, readings, followers, impressions, reach, likes, comments, shares, posts)
     select a.location, 1, d.day, count(*), sum(d.followers), sum(d.impressions), sum(d.reach), sum(d.likes), sum(d.comments), sum(d.shares),
       sum(d.posts)
     from social_accounts a join social_days d on d.account = a.id group by 1, 3 order by 1, 3`,
  )
  await pool.query(
    `update social_accounts a set first_day = d.first_day, last_day = d.last_day
     from (select account, min(day) as first_day, max(day) as last_day from social_days group by 1) as d where d.account = a.id`,
  )
  await pool.query('vacuum analyze')
}
