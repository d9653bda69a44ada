/*
 * Run as a process of its own: says, as JSON, which data files of catalogues are read while the connectors are imported and while one action is used,
 * and how the heap grows. Reads are seen where the file system is entered.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const reads: string[] = []
const plain = fs.readFileSync
const watched: typeof fs.readFileSync = Object.assign((...given: Parameters<typeof plain>) => {
  const [file] = given
  const name = file instanceof URL ? file.pathname : String(file)
  if (name.includes('/catalogue/data/')) reads.push(name.slice(name.lastIndexOf('/') + 1))
  return plain(...given)
}, plain)
fs.readFileSync = watched
syncBuiltinESMExports()

const heapBytes = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const { createRegistry } = await import('@couplet/connector-sdk')
const { connectors, highlevel } = await import('@couplet/connectors')
const registry = createRegistry(connectors)
const imported = { reads: [...reads], heapBytes: heapBytes() }
const words = highlevel.lazy?.words().length ?? 0
const listed = { reads: [...reads], heapBytes: heapBytes(), words }
const used = { title: registry.action('highlevel.calendars.get-calendars', 1)?.title, reads: [...reads], heapBytes: heapBytes() }
for (const { id } of highlevel.lazy?.words() ?? []) JSON.stringify(registry.action(id, 1)?.samples)
const all = { heapBytes: heapBytes() }
process.stdout.write(JSON.stringify({ imported, listed, used, all }))
