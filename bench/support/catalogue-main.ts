/*
 * Run as a process of its own: imports the connectors, makes the registry, and says how long it took and how large the heap is. `without` takes the
 * catalogue out of HighLevel first; `searched` makes the first search.
 */
const [kind = 'with'] = process.argv.slice(2)
const from = performance.now()
const { createRegistry, searchCatalogue } = await import('@couplet/connector-sdk')
const { connectors } = await import('@couplet/connectors')
const registry = createRegistry(
  kind === 'without' ? connectors.map(({ spec, actions, triggers, lists }) => ({ spec, actions, triggers, lists })) : connectors,
)
if (kind === 'searched') searchCatalogue(registry, { text: 'contact' })
const ms = Math.round(performance.now() - from)
globalThis.gc?.()
process.stdout.write(JSON.stringify({ ms, heapMB: Math.round((process.memoryUsage().heapUsed / 1_048_576) * 10) / 10 }))
