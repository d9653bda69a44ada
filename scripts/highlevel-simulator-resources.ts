import type { OperationFacts } from '../packages/connectors/highlevel/catalogue/facts.ts'
import type { Resource } from '../packages/simulators/highlevel/catalogue/facts.ts'

type Asked = Pick<OperationFacts, 'method' | 'path' | 'items' | 'effect'>

/** Values of a path that say where one is, not which record is meant. */
const PLACES = new Set(['locationId', 'companyId', 'altId', 'platform', 'resourceType'])
/** Last parts that ask for the records of what stands before them. */
const LISTS = new Set(['search', 'list', 'all', 'filter', 'paginated', 'public', 'filter-by-email', 'locations'])
/** Parts that deal with many records at once, or with none. */
const APART = /bulk|batch|delete|priority|validate|verify|generate|import/

const segmentsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')
const nameOf = (segment: string | undefined): string | undefined => /^\{(.+)\}$/.exec(segment ?? '')?.[1]
/** The name of a value that says which record is meant. */
const recordIdOf = (segment: string | undefined): string | undefined => {
  const name = nameOf(segment)
  return name === undefined || PLACES.has(name) ? undefined : name
}

/** Paths that lead to the records of another one. */
const SAME: Readonly<Record<string, string>> = {
  'agent-studio/public-api/agents': 'agent-studio/agent',
  'calendars/appointments': 'calendars/events',
  'calendars/blocked-slots': 'calendars/events/block-slots',
  'calendars/events/appointments': 'calendars/events',
  'chat-widget/data': 'chat-widget',
  'chat-widget/public/config': 'chat-widget',
  'contacts/business': 'contacts',
  'links/id': 'links',
  'phone-system/numbers/location/purchase': 'phone-system/numbers/location',
}

/** The parts of a path that are words: what its records are kept under. */
function collectionOf(segments: readonly string[]): string {
  const words = segments.filter((part) => nameOf(part) === undefined).join('/')
  return SAME[words] ?? words
}

/** Records that others of the path belong to: `{calendarId}` of `/calendars/{calendarId}/notifications/{id}`. */
function ownersOf(segments: readonly string[], idParameter: string | undefined): Record<string, string> {
  const owners: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const name = recordIdOf(segment)
    if (name !== undefined && name !== idParameter) owners[name] = collectionOf(segments.slice(0, index + 1))
  }
  return owners
}

/**
 * What each of these operations does to which records, read off method and path: lists and makes records of a collection, deals with one of them, keeps
 * the one record a place has of a kind (settings), or does something that is remembered nowhere.
 */
export function resourceReader(all: readonly Asked[]): (asked: Asked) => Resource {
  const withRecords = new Set(
    all.flatMap(({ path }) => (recordIdOf(segmentsOf(path).at(-1)) === undefined ? [] : [collectionOf(segmentsOf(path))])),
  )
  const reads = new Map(all.filter(({ method }) => method === 'GET').map((one) => [one.path, one]))
  const plain = (asked: Asked): Resource => plainResourceOf(asked, withRecords, reads.get(asked.path))
  const known = new Set(all.map(plain).flatMap(({ does, collection }) => (does === 'list' || does === 'create' ? [collection] : [])))
  return (asked) => {
    const resource = plain(asked)
    return known.has(resource.collection) ? resource : { ...resource, isGiven: true }
  }
}

/** `withRecords`: collections some operation deals with one record of; `read`: the operation that reads at the same path. */
function plainResourceOf(asked: Asked, withRecords: ReadonlySet<string>, read: Asked | undefined): Resource {
  const segments = segmentsOf(asked.path)
  const own = collectionOf(segments)
  const idParameter = recordIdOf(segments.at(-1))
  if (idParameter !== undefined && asked.items === undefined)
    return {
      does: asked.method === 'GET' ? 'read' : asked.method === 'DELETE' ? 'remove' : 'change',
      collection: own,
      idParameter,
      owners: ownersOf(segments, idParameter),
    }
  const last = segments.findLast((part) => nameOf(part) === undefined) ?? ''
  const before = segments.slice(0, segments.lastIndexOf(last))
  const parent = collectionOf(before)
  const kept = (does: Resource['does'], collection = own): Resource => ({ does, collection, owners: ownersOf(segments, undefined) })

  if (asked.method === 'GET' || asked.effect === 'read') {
    const listed = collectionOf(segments.slice(0, segments.findLastIndex((part) => !LISTS.has(part)) + 1))
    if (asked.items !== undefined) return kept('list', withRecords.has(listed) ? listed : own)
    return kept(asked.method === 'GET' ? 'read-only-one' : 'do')
  }
  const owner = recordIdOf(before.at(-1))
  const onOwner = (): Resource => ({
    does: 'change',
    collection: parent,
    ...(owner ? { idParameter: owner } : {}),
    owners: ownersOf(before, owner),
  })
  if (asked.method === 'POST') {
    if (withRecords.has(own) || read?.items !== undefined) return kept('create')
    if (read !== undefined) return kept('change-only-one')
    if (owner !== undefined) return onOwner()
    if (APART.test(last)) return kept('do')
    return kept('create', parent !== '' && withRecords.has(parent) ? parent : own)
  }
  if (read !== undefined && read.items === undefined) return kept(asked.method === 'DELETE' ? 'remove-only-one' : 'change-only-one')
  if (owner !== undefined && asked.method !== 'DELETE') return onOwner()
  return kept('do')
}
