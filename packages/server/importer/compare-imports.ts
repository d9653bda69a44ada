import { canonicalJson, isJsonObject, type Json } from '@couplet/core'
import type { ImportedOperation } from './facts.ts'

/** An operation as it was kept by an earlier import. */
export type Known = { operation: ImportedOperation; version: number; isCurrent: boolean; reviewedEffect: string | null }

export type Change = 'new' | 'changed' | 'same' | 'gone'
export type Compared = {
  call: string
  id: string
  title: string
  change: Change
  /** The version flows get from now on. */
  version: number
  /** What is different, in words. Fields by their path. */
  differences: readonly string[]
}

/** The part of an operation that flows depend on: what it takes and gives. Words may change without a new version. */
const contractOf = ({ parameters, body, reply, method, path }: ImportedOperation): Json =>
  JSON.parse(
    JSON.stringify({ parameters: parameters.toSorted((a, b) => a.name.localeCompare(b.name)), body, reply, method, path }, withoutWords),
  ) as Json

const withoutWords = (key: string, value: unknown): unknown => (key === 'description' && typeof value === 'string' ? undefined : value)

const DIFFERENCES_MAX = 12

/** What an import changes: an operation whose contract is another gets a new version, and flows keep the one they have. */
export function compareImports(before: readonly Known[], after: readonly ImportedOperation[]): Compared[] {
  const newest = new Map<string, Known>()
  for (const known of before) if (known.version > (newest.get(known.operation.call)?.version ?? 0)) newest.set(known.operation.call, known)
  const seen = new Set<string>()
  const compared = after.map((operation): Compared => {
    const known = newest.get(operation.call)
    seen.add(operation.call)
    const same = { call: operation.call, id: operation.id, title: operation.title }
    if (!known) return { ...same, change: 'new', version: 1, differences: [] }
    if (canonicalJson(contractOf(known.operation)) === canonicalJson(contractOf(operation)))
      return { ...same, change: known.isCurrent ? 'same' : 'new', version: known.version, differences: [] }
    return { ...same, change: 'changed', version: known.version + 1, differences: differencesOf(known.operation, operation) }
  })
  const gone = [...newest.values()]
    .filter(({ operation, isCurrent }) => isCurrent && !seen.has(operation.call))
    .map(({ operation, version }): Compared => ({
      call: operation.call,
      id: operation.id,
      title: operation.title,
      change: 'gone',
      version,
      differences: [],
    }))
  return [...compared, ...gone]
}

function differencesOf(before: ImportedOperation, after: ImportedOperation): string[] {
  const lines: string[] = []
  const fields = (parts: ImportedOperation) =>
    new Map([...parts.parameters.map(({ name, ...rest }) => [name, rest] as const), ...membersOf('', parts.body?.schema)])
  for (const [kind, old, now] of [
    ['takes', fields(before), fields(after)],
    ['gives', new Map(membersOf('', before.reply)), new Map(membersOf('', after.reply))],
  ] as const) {
    for (const name of now.keys()) if (!old.has(name)) lines.push(`It now ${kind} ${name}.`)
    for (const name of old.keys()) if (!now.has(name)) lines.push(`It no longer ${kind} ${name}.`)
    for (const [name, schema] of now)
      if (old.has(name) && JSON.stringify(old.get(name)) !== JSON.stringify(schema)) lines.push(`${name} is described differently.`)
  }
  return lines.length > DIFFERENCES_MAX ? [...lines.slice(0, DIFFERENCES_MAX), `And ${lines.length - DIFFERENCES_MAX} more.`] : lines
}

const DEPTH_MAX = 4

/** Members by their path, without those inside them: a change deep inside is told where it is. */
function membersOf(path: string, schema: unknown, depth = 0): [string, unknown][] {
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return []
  const { properties, items } = schema
  if (isJsonObject(items)) return membersOf(`${path}[]`, items, depth + 1)
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([name, part]) => {
    const own = path === '' ? name : `${path}.${name}`
    const inner = membersOf(own, part, depth + 1)
    const plain = isJsonObject(part) ? { type: part['type'], enum: part['enum'], format: part['format'] } : part
    return [[own, plain] as [string, unknown], ...inner]
  })
}
