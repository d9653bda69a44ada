import { effectClass, type EffectClass } from './effect.ts'
import type { AnyOperation, Connector, OperationWords, Registry } from './registry.ts'
import { type Wire, wiresOf } from './trigger.ts'
import type { Words } from './words.ts'

/** An operation in the words of a list: no schema is made for it. */
export type CatalogueEntry = Words & {
  kind: 'action' | 'trigger'
  connector: string
  scopes: readonly string[]
  /** Of a trigger `read`: it changes nothing. */
  effect: EffectClass
  /** Of a trigger: how facts come in. */
  wires: readonly Wire[]
  needsConnection: boolean
  needsOptIn?: string
}

/** All parts narrow the result; `text` is words in any order, each of which an entry must have somewhere. */
export type CatalogueQuery = {
  text?: string | undefined
  connector?: string | undefined
  group?: string | undefined
  kind?: 'action' | 'trigger' | undefined
  effect?: 'read' | 'write' | undefined
  scope?: string | undefined
  wire?: Wire | undefined
}

/** An entry with its texts made ready for comparing. */
type Indexed = { entry: CatalogueEntry; title: string; group: string; all: string }

/** `E-mail` and `email`, `sub-account` and `subaccount` are the same word. */
const plain = (text: string): string => text.toLowerCase().replaceAll('-', '')

function indexed(entry: CatalogueEntry): Indexed {
  const { title, group, id, summary, address, facts } = entry
  // Ids hold the vendor's own words: "location" finds what we call a sub-account.
  const all = plain([title, group, id, summary, address ?? facts?.[0]?.text ?? ''].join('\n'))
  return { entry, title: plain(title), group: plain(group), all }
}

/** An operation, or what is known of one, as a list shows it. */
export const entryOf = (operation: AnyOperation | OperationWords, isBuiltIn: boolean): CatalogueEntry => ({
  id: operation.id,
  version: operation.version,
  kind: operation.kind,
  connector: operation.connector,
  title: operation.title,
  summary: operation.summary,
  phrase: operation.phrase,
  group: operation.group,
  ...(operation.address === undefined ? {} : { address: operation.address }),
  ...(operation.facts === undefined ? {} : { facts: operation.facts }),
  ...(operation.deprecated === undefined ? {} : { deprecated: operation.deprecated }),
  scopes: operation.scopes,
  effect: operation.kind === 'trigger' ? 'read' : typeof operation.effect === 'string' ? operation.effect : effectClass(operation.effect),
  wires: operation.kind === 'action' ? [] : 'wires' in operation ? operation.wires : wiresOf(operation),
  needsConnection: !isBuiltIn,
  ...('needsOptIn' in operation && operation.needsOptIn !== undefined ? { needsOptIn: operation.needsOptIn } : {}),
})

/** Per connector, so that a registry made anew with one connector more indexes only that one. */
const indices = new WeakMap<Connector, readonly Indexed[]>()

function indexOf(connector: Connector): readonly Indexed[] {
  const known = indices.get(connector)
  if (known) return known
  const isBuiltIn = connector.spec.isBuiltIn === true
  const made = [...connector.triggers, ...connector.actions, ...(connector.lazy?.words() ?? [])].map((operation) =>
    indexed(entryOf(operation, isBuiltIn)),
  )
  indices.set(connector, made)
  return made
}

/** Everything an installation offers, lazy operations among them, by connector in its own order. */
export const catalogueEntries = (registry: Pick<Registry, 'connectors'>): CatalogueEntry[] =>
  registry.connectors.flatMap((connector) => indexOf(connector).map(({ entry }) => entry))

/**
 * Entries that fit, the best first: the title itself, titles that begin so, titles that have all the words, then headings, then any other text.
 * Among equals the order of the connectors stays. Takes about a millisecond for a catalogue of a thousand.
 */
export function searchCatalogue(registry: Pick<Registry, 'connectors'>, query: CatalogueQuery): CatalogueEntry[] {
  const text = plain(query.text ?? '').trim()
  const words = text.split(/\s+/).filter((word) => word !== '')
  const found: { entry: CatalogueEntry; rank: number }[] = []
  for (const connector of registry.connectors) {
    if (query.connector !== undefined && connector.spec.id !== query.connector) continue
    for (const one of indexOf(connector)) {
      if (!fits(one.entry, query) || !words.every((word) => one.all.includes(word))) continue
      found.push({ entry: one.entry, rank: words.length === 0 ? 0 : rankOf(one, text, words) })
    }
  }
  return found.toSorted((a, b) => a.rank - b.rank).map(({ entry }) => entry)
}

const fits = (entry: CatalogueEntry, query: CatalogueQuery): boolean =>
  (query.kind === undefined || entry.kind === query.kind) &&
  (query.group === undefined || entry.group === query.group) &&
  (query.effect === undefined || (entry.effect === 'read') === (query.effect === 'read')) &&
  (query.scope === undefined || entry.scopes.includes(query.scope)) &&
  (query.wire === undefined || entry.wires.includes(query.wire))

function rankOf({ title, group, entry }: Indexed, text: string, words: readonly string[]): number {
  const outdated = entry.deprecated === undefined ? 0 : 0.5
  if (title === text) return outdated
  if (title.startsWith(text)) return 1 + outdated
  const inTitle = ` ${title}`
  if (words.every((word) => inTitle.includes(` ${word}`))) return 2 + outdated
  if (words.every((word) => title.includes(word))) return 3 + outdated
  return words.every((word) => title.includes(word) || group.includes(word)) ? 4 + outdated : 5 + outdated
}
