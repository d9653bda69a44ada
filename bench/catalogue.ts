/** What the catalogue costs: start and memory with and without it, a search, and adding a step: `npm run bench -- catalogue [--rounds 200]`. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connectors } from '@couplet/connectors'
import { createRegistry, searchCatalogue, shapeLookup } from '@couplet/connector-sdk'
import { FlowDefinition, validateDefinition } from '@couplet/flow'
import { z } from 'zod'
import { machine, median } from './support/machine.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } })
const rounds = Number(values.rounds)

const Start = z.object({ ms: z.number(), heapMB: z.number() })

/** Importing all connectors and making the registry, in a process of its own: `words` reads the index as a first search does, `none` leaves it out. */
function start(kind: 'without' | 'with' | 'searched'): z.output<typeof Start> {
  const runs = Array.from({ length: 5 }, () =>
    Start.parse(
      JSON.parse(
        execFileSync(process.execPath, ['--expose-gc', join(import.meta.dirname, 'support', 'catalogue-main.ts'), kind], {
          encoding: 'utf8',
        }),
      ),
    ),
  )
  return { ms: median(runs.map(({ ms }) => ms)), heapMB: median(runs.map(({ heapMB }) => heapMB)) }
}

const registry = createRegistry(connectors)
const timed = (work: () => unknown): number => {
  const from = performance.now()
  work()
  return performance.now() - from
}
const spread = (list: readonly number[]) => {
  const sorted = list.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 1_000) / 1_000
  return { medianMs: at(0.5), p95Ms: at(0.95), worstMs: at(1) }
}

const TEXTS = [
  'contact',
  'invoice send',
  'tag',
  'create',
  'opportunity stage',
  'e',
  'calendar slots',
  'location',
  'post list',
  'nothing like it',
]
const firstSearchMs = timed(() => searchCatalogue(registry, { text: 'contact' }))
const searches = Array.from({ length: rounds }, (_, round) => timed(() => searchCatalogue(registry, { text: TEXTS[round % TEXTS.length] })))

/** What the builder does when a step is added: make the operation's shape and check the whole draft with it. */
function addStep(lookup: ReturnType<typeof shapeLookup>, operation: string): number {
  const draft = FlowDefinition.parse({
    format: 1,
    name: 'Bench',
    slots: { ghl: { connector: 'highlevel' } },
    trigger: { operation: 'builtin.manual.started', version: 1 },
    steps: [{ kind: 'action', id: 'added', operation, version: 1, connection: 'ghl', input: {} }],
  })
  return timed(() => {
    lookup(operation, 1)
    validateDefinition(draft, lookup)
  })
}
const operations = registry.connectors
  .flatMap((connector) => connector.lazy?.words() ?? [])
  .flatMap(({ kind, id }) => (kind === 'action' ? [id] : []))
const first = spread(operations.map((operation) => addStep(shapeLookup(registry), operation)))
const lookup = shapeLookup(registry)
const [sample = ''] = operations
addStep(lookup, sample)
const again = spread(Array.from({ length: rounds }, () => addStep(lookup, sample)))

const result = {
  machine: machine(),
  operations: operations.length,
  start: { without: start('without'), with: start('with'), searched: start('searched') },
  search: { firstMs: Math.round(firstSearchMs), ...spread(searches) },
  addStep: { first, again },
}
console.log(
  [
    `start without the catalogue  ${result.start.without.ms} ms, heap ${result.start.without.heapMB} MB`,
    `start with it                ${result.start.with.ms} ms, heap ${result.start.with.heapMB} MB`,
    `after a first search         ${result.start.searched.ms} ms, heap ${result.start.searched.heapMB} MB`,
    `search, first                ${result.search.firstMs} ms`,
    `search, later                median ${result.search.medianMs} ms, 95 % under ${result.search.p95Ms} ms, worst ${result.search.worstMs} ms`,
    `add a step, first of its kind median ${first.medianMs} ms, 95 % under ${first.p95Ms} ms, worst ${first.worstMs} ms`,
    `add a step, known             median ${again.medianMs} ms, 95 % under ${again.p95Ms} ms`,
  ].join('\n'),
)
console.log(JSON.stringify(result))
