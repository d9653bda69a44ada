/**
 * Poll test: one flow over 200 HighLevel locations with 500 social tags each. First all tags are taken as known, then 1 % of them change and every
 * location is due at once. `npm run bench -- poll [--locations 200] [--tags 500] [--limit 100]`
 * Ends with 1 when a change was missed or told twice, or a location was asked more often than its vendor allows.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '@couplet/core'
import { connectors } from '@couplet/connectors'
import { createRegistry } from '@couplet/connector-sdk'
import { createOutboundClient, Engine, publishFlow } from '@couplet/engine'
import { createVault, FIRST_WORKSPACE, migrate, openStore, startEmbeddedPostgres } from '@couplet/store'
import { keyOf } from '../packages/store/vault/key-ring.ts'
import { machine } from './support/machine.ts'
import { tagVendor } from './support/tag-vendor.ts'

const { values } = parseArgs({
  options: {
    locations: { type: 'string', default: '200' },
    tags: { type: 'string', default: '500' },
    limit: { type: 'string', default: '100' },
    latency: { type: 'string', default: '5' },
  },
})
const [count, tagsEach, limit, latencyMs] = [Number(values.locations), Number(values.tags), Number(values.limit), Number(values.latency)]
const PAGE = 100
const GIVE_UP_MS = 180_000
const locations = Array.from({ length: count }, (_, index) => `LocBench${String(index).padStart(12, '0')}`)
const idealCalls = count * Math.ceil(tagsEach / PAGE)

await using parts = new AsyncDisposableStack()
const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
const database = parts.use(await startEmbeddedPostgres({ dataDir }))
const vendor = parts.use(await tagVendor({ locations, tagsEach, limit, windowMs: 10_000, latencyMs }))
const store = parts.use(openStore({ url: database.url, vault: createVault([keyOf(Buffer.alloc(32, 7))]) }))
await migrate(store.pool)
const outbound = createOutboundClient({ allowedHosts: [new URL(vendor.url).host], userAgent: 'Couplet benchmark', clock: systemClock })
parts.defer(() => outbound.close())
const engine = parts.use(
  new Engine({
    store,
    registry: createRegistry(connectors),
    outbound,
    publicAddress: () => 'http://127.0.0.1:1',
    renderSocialReport: () => Promise.reject(new Error('Nothing to render here')),
    log: { info: () => undefined, warn: console.error, error: console.error },
  }),
)
const connections = await Promise.all(
  locations.map((locationId) =>
    store.connections.create({
      workspaceId: FIRST_WORKSPACE,
      connector: 'highlevel',
      name: locationId,
      environment: 'live',
      origin: vendor.url,
      facts: { locationId },
      secrets: { token: 'pit-benchmark' },
    }),
  ),
)
const flow = await store.flows.create({
  workspaceId: FIRST_WORKSPACE,
  name: 'Tags',
  environment: 'live',
  draft: {
    format: 1,
    name: 'Tags',
    slots: { place: { connector: 'highlevel' } },
    trigger: { operation: 'highlevel.social-tag.changed', version: 1, connection: 'place', input: {}, every: '1 d' },
    steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
  },
})
await store.flows.setBindings(flow.id, { place: connections.map((connection) => connection.id) })
await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)

const scansDone = async (scans: number): Promise<boolean> =>
  (await store.triggers.listByFlow(flow.id)).filter((trigger) => trigger.scans >= scans).length === count
const until = async (what: string, holds: () => Promise<boolean>): Promise<number> => {
  const from = performance.now()
  while (!(await holds())) {
    if (performance.now() - from > GIVE_UP_MS) throw new Error(`Did not happen: ${what}`)
    await pause(100)
  }
  return performance.now() - from
}

const startAt = performance.now()
await engine.start()
await until('a first look at every location', () => scansDone(1))
const first = { ms: performance.now() - startAt, calls: vendor.calls }

// Within the same day a location has calls left, but its window must have passed, as it has in life between two polls.
await pause(11_000)
const changed = new Set<string>()
for (const tags of vendor.tags.values())
  for (let index = 0; index < tagsEach / 100; index++) {
    const tag = tags[index * 97]
    if (!tag) continue
    Object.assign(tag, { tag: `${tag.tag} new`, updatedAt: new Date().toISOString() })
    changed.add(tag._id)
  }
const callsBefore = vendor.calls
await store.pool.query('update triggers set next_poll_at = now()')
const secondMs = await until('a second look at every location', () => scansDone(2))
const doneMs = secondMs + (await until('all runs done', async () => (await store.runs.counts(FIRST_WORKSPACE)).done >= changed.size))
const { rows } = await store.pool.query<{ tag: string }>(`select fact -> 'data' -> 'tag' ->> 'id' as tag from runs`)
const told = rows.map((row) => row.tag)
const triggers = await store.triggers.listByFlow(flow.id)
const result = {
  what: 'poll',
  machine: machine(),
  asked: { locations: count, tagsEach, changed: changed.size, limitPer10s: limit, latencyMs },
  firstLook: { s: Math.round(first.ms / 100) / 10, calls: first.calls },
  changes: { s: Math.round(secondMs / 100) / 10, untilAllRunsDoneS: Math.round(doneMs / 100) / 10, calls: vendor.calls - callsBefore },
  idealCalls,
  missed: [...changed].filter((id) => !told.includes(id)).length,
  toldTwice: told.length - new Set(told).size,
  refused429: vendor.refused429,
  busiestWindow: vendor.busiest,
  failedPolls: triggers.filter((trigger) => trigger.pollFailures > 0).length,
}
const isGood =
  result.missed === 0 && result.toldTwice === 0 && told.length === changed.size && result.refused429 === 0 && result.busiestWindow <= limit
console.log(
  [
    `first look       ${result.firstLook.s} s, ${result.firstLook.calls} calls (ideal ${idealCalls})`,
    `1 % changed      ${result.changes.s} s, ${result.changes.calls} calls (ideal ${idealCalls}); all ${changed.size} runs done after ${result.changes.untilAllRunsDoneS} s`,
    `missed ${result.missed}, told twice ${result.toldTwice}, answers 429 ${result.refused429}, at most ${result.busiestWindow} calls of a location in 10 s (limit ${limit})`,
    isGood ? 'good' : 'NOT GOOD',
  ].join('\n'),
)
console.log(JSON.stringify(result))
process.exitCode = isGood ? 0 : 1
