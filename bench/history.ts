/**
 * A long history: the run list page (list and counts) and searches over a million runs on the embedded PostgreSQL, and what the words for searching
 * cost. `npm run bench -- history [--runs 1000000]`. Ends with 1 when a page takes longer than 200 ms at p95.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { createVault, FIRST_WORKSPACE, migrate, openStore, startEmbeddedPostgres } from '@couplet/store'
import { keyOf } from '../packages/store/vault/key-ring.ts'
import { machine, quantile } from './support/machine.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000000' }, asks: { type: 'string', default: '60' } } })
const [runs, asks] = [Number(values.runs), Number(values.asks)]
const PORTION = 20_000
const BOUND_MS = 200

await using parts = new AsyncDisposableStack()
const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
const { url } = parts.use(await startEmbeddedPostgres({ dataDir }))
const store = parts.use(openStore({ url, vault: createVault([keyOf(Buffer.alloc(32, 7))]) }))
await migrate(store.pool)
const flows = await Promise.all(
  Array.from({ length: 40 }, (_, index) =>
    store.flows.create({ workspaceId: FIRST_WORKSPACE, name: `History ${index}`, environment: 'live', draft: {} }),
  ),
)

/** Webhooks of contacts, one in 1,000 failed; ids in the order of time. */
const FILL = `
  insert into runs (id, workspace_id, flow_id, version, environment, key, fact, state, summary, created_at, started_at, finished_at)
  select 'run_' || lpad(to_hex(n), 26, '0'), $1, ($2::text[])[1 + n % 40], 1, 'live', 'event:' || n,
    jsonb_build_object('at', '2026-11-01T00:00:00.000Z', 'data', jsonb_build_object('type', 'ContactCreate', 'locationId', 'loc_' || n % 200,
      'contact', jsonb_build_object('id', md5(n::text), 'firstName', 'Ada', 'lastName', 'Lovelace ' || n % 5000,
        'email', 'ada.' || n || '@example.com', 'phone', '+1555' || lpad(n::text, 7, '0'), 'tags', jsonb_build_array('customer', 'tag ' || n % 300)))),
    case when n % 1000 = 0 then 'failed' else 'done' end, case when n % 1000 = 0 then 'Failed at "Send": the vendor refused ' || n else 'Sent to ' || n end,
    now(), now(), now()
  from generate_series($3::int, $4::int) n`

const fillFrom = performance.now()
for (let from = 1; from <= runs; from += PORTION)
  await store.pool.query(FILL, [FIRST_WORKSPACE, flows.map((flow) => flow.id), from, Math.min(runs, from + PORTION - 1)])
const fillMs = performance.now() - fillFrom
const wordsFrom = performance.now()
while ((await store.logIndex.addRuns({ before: Date.now(), limit: 500 })) === 500);
const wordsMs = performance.now() - wordsFrom
await store.pool.query('vacuum analyze')

const random = (): number => 1 + Math.floor(Math.random() * runs)
const flowOf = (n: number) => flows[n % 40]?.id
const ASKED: Record<string, () => Promise<unknown[]>> = {
  'list, newest': () => store.runs.list(FIRST_WORKSPACE, { limit: 50 }),
  'list, of one flow': () => store.runs.list(FIRST_WORKSPACE, { flowId: flowOf(random()), limit: 50 }),
  'list, failed': () => store.runs.list(FIRST_WORKSPACE, { states: ['failed'], limit: 50 }),
  'list, parked (none)': () => store.runs.list(FIRST_WORKSPACE, { states: ['parked'], limit: 50 }),
  'list, far back': () =>
    store.runs.list(FIRST_WORKSPACE, { before: `run_${random().toString(16).padStart(26, '0')}` as never, limit: 50 }),
  counts: async () => [await store.runs.counts(FIRST_WORKSPACE)],
  'search, e-mail': () => store.runs.list(FIRST_WORKSPACE, { search: `ada.${random()}@example.com`, limit: 50 }),
  'search, phone': () => store.runs.list(FIRST_WORKSPACE, { search: `+1555${String(random()).padStart(7, '0')}`, limit: 50 }),
  'search, key': () => store.runs.list(FIRST_WORKSPACE, { search: `event:${random()}`, limit: 50 }),
  'search, name of 1 in 5,000': () => store.runs.list(FIRST_WORKSPACE, { search: `Lovelace ${random() % 5_000}`, limit: 50 }),
  'search, in every run': () => store.runs.list(FIRST_WORKSPACE, { search: 'customer', limit: 50 }),
  'search, in none': () => store.runs.list(FIRST_WORKSPACE, { search: 'nobody has this', limit: 50 }),
  'search, failed with a text': () => store.runs.list(FIRST_WORKSPACE, { states: ['failed'], search: 'refused', limit: 50 }),
}
const measured: { what: string; found: number; p50: number; p95: number }[] = []
for (const [what, ask] of Object.entries(ASKED)) {
  const times: number[] = []
  let found = 0
  for (let turn = 0; turn < asks; turn++) {
    const at = performance.now()
    found = (await ask()).length
    times.push(performance.now() - at)
  }
  measured.push({ what, found, p50: quantile(times, 0.5), p95: quantile(times, 0.95) })
}
const { rows } = await store.pool.query<{ runs: string; words: string; index: string }>(
  `select pg_total_relation_size('runs') as runs, pg_total_relation_size('run_index') as words, pg_relation_size('run_index_words') as index`,
)
const megabytes = (bytes: string | undefined): number => Math.round(Number(bytes) / 1_000_000)
const result = {
  what: 'history',
  machine: machine(),
  runs,
  fillS: Math.round(fillMs / 1_000),
  wordsMsPerRun: Math.round((wordsMs / runs) * 1_000) / 1_000,
  sizeMB: { runs: megabytes(rows[0]?.runs), words: megabytes(rows[0]?.words), indexOfWords: megabytes(rows[0]?.index) },
  measured,
}
for (const { what, found, p50, p95 } of measured)
  console.log(
    `${what.padEnd(28)} ${String(found).padStart(3)} found   p50 ${p50.toFixed(1).padStart(6)} ms   p95 ${p95.toFixed(1).padStart(6)} ms`,
  )
console.log(JSON.stringify(result))
process.exitCode = measured.every(({ p95 }) => p95 <= BOUND_MS) ? 0 : 1
