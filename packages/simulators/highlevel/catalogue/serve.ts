import { isJsonObject } from '@couplet/core'
import { type Highlevel } from '../context.ts'
import { refuse } from '../errors.ts'
import { rowBy } from '../lookup.ts'
import { ANY_TOKEN, type Call, namedLocation, type Operation, type Reply } from '../operation.ts'
import type { CatalogueRecord } from '../state.ts'
import { addedWithin } from './added-window.ts'
import { answerOfList, answerOfRecord, answerToNothing } from './answer.ts'
import { announceRecord } from './events.ts'
import { KEPT } from './kept.ts'
import { loadServed, type Served } from './load.ts'
import type { Match } from './match.ts'
import { pageOfRecords } from './pages.ts'
import { addRecord, changeRecord, type Place, recordBy, recordsAt, removeRecord } from './records.ts'
import { type Asked, checkedRequest } from './request.ts'

/** An operation that is known only from the vendor's published files, as one the pipeline performs. */
export function servedOperation({ row }: Match): Operation {
  const served = loadServed(row)
  const { id, method, path, scopes, version, isV3, body } = served.operation
  return {
    id,
    mark: 'CONFIRMED',
    method,
    path,
    tokens: ANY_TOKEN,
    hasBody: body !== undefined && body.type !== 'multipart',
    declaredVersion: version,
    exists: () => ({ v2: isV3 !== true || version !== 'v3', v3: true }),
    scopes: () => scopes,
    answer: async (call) => replyWith(served, answer(served, call, await checkedRequest(call, served))),
  }
}

function replyWith({ operation: { status } }: Served, content: unknown): Reply {
  if (status === 204) return { status, raw: new Response(null, { status }) }
  return isJsonObject(content) ? { status, json: content } : { status: 200, raw: Response.json(content, { status }) }
}

/** The sub-account a request is about: the one it names, else that of the token. */
function locationOf(call: Call, asked: Asked): string {
  const said = asked.query['location_id'] ?? asked.body['altId']
  return namedLocation(call) ?? (typeof said === 'string' ? said : call.token.locationId)
}

function answer(served: Served, call: Call, asked: Asked): unknown {
  const { operation } = served
  const { context } = call
  const kept = KEPT[operation.id]
  if (kept !== undefined) return kept({ served, call, asked })
  const place: Place = { collection: operation.collection, locationId: locationOf(call, asked), owners: ownersOf(served, call) }
  requireOwners(served, context, place)
  const theRecord = (): CatalogueRecord => recordOf(served, context, place, asked)
  switch (operation.does) {
    case 'list': {
      const wanted = { ...asked.query, ...asked.body }
      const found = addedWithin(context, operation.id, filtered(recordsAt(context, place, served), wanted), wanted)
      return answerOfList(served, pageOfRecords(found, operation.paging, wanted))
    }
    case 'create': {
      // Samples first: a record a person makes is newer than those found.
      recordsAt(context, place, served)
      const record = addRecord(context, place, asked.body)
      announceRecord(context, operation.path, 'Create', record)
      return answerOfRecord(served, record)
    }
    case 'read':
    case 'read-only-one':
      return answerOfRecord(served, theRecord())
    case 'change':
    case 'change-only-one': {
      const record = theRecord()
      changeRecord(context, record, asked.body)
      announceRecord(context, operation.path, 'Update', record)
      return answerOfRecord(served, record)
    }
    case 'remove':
    case 'remove-only-one': {
      const record = theRecord()
      removeRecord(context, record)
      announceRecord(context, operation.path, 'Delete', record)
      return answerOfRecord(served, record)
    }
    case 'do':
      return answerToNothing(served, { locationId: place.locationId, ...asked.params, ...asked.body }, operation.id)
    default:
      return operation.does satisfies never
  }
}

const ownersOf = ({ operation }: Served, { params }: Call): Record<string, string> =>
  Object.fromEntries(Object.keys(operation.owners).map((name) => [name, params[name] ?? '']))

/** Rows of the state that are no records of the catalogue, by collection. */
const KEPT_ELSEWHERE: Readonly<Record<string, 'contacts' | 'users' | 'locations'>> = {
  contacts: 'contacts',
  users: 'users',
  locations: 'locations',
}

const unknown = ({ operation }: Served, collection: string, id: string) =>
  refuse(operation.unknownAs, `${collection.split('/').at(-1) ?? ''} with id ${id} not found`)

/** What a path goes through must exist: a note belongs to a contact that is there. */
function requireOwners(served: Served, context: Highlevel, place: Place): void {
  for (const [name, collection] of Object.entries(served.operation.owners)) {
    const id = place.owners[name] ?? ''
    const elsewhere = KEPT_ELSEWHERE[collection]
    if (elsewhere !== undefined) {
      if (!rowBy<'id', { id: string }>(context.state[elsewhere], 'id', id)) throw unknown(served, collection, id)
      continue
    }
    if (!isListed(served, collection)) continue
    const records = recordsAt(context, { collection, locationId: place.locationId, owners: {} }, served)
    if (!recordBy(records, id, name)) throw unknown(served, collection, id)
  }
}

/** True when a record of the collection can be found by anyone: only then an id can be unknown. */
const isListed = ({ module }: Served, collection: string): boolean =>
  module.operations.some((operation) => operation.collection === collection && (operation.does === 'list' || operation.does === 'create'))

function recordOf(served: Served, context: Highlevel, place: Place, asked: Asked): CatalogueRecord {
  const { operation } = served
  const records = recordsAt(context, place, served)
  const isOnly = operation.does.endsWith('only-one')
  const id = operation.idParameter === undefined ? '' : (asked.params[operation.idParameter] ?? '')
  const found = isOnly ? records[0] : recordBy(records, id, operation.idParameter ?? 'id')
  if (found) return found
  if (isOnly || operation.isGiven) return addRecord(context, place, {}, id === '' ? undefined : id)
  throw unknown(served, operation.collection, id)
}

/** They say where, which is known by now. */
const PLACE_NAMES = new Set(['locationId', 'location_id', 'altId', 'altType', 'companyId'])
const SEARCHES = ['query', 'q', 'search', 'searchText', 'searchTerm', 'searchQuery', 'name']
const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase())
const textsOf = (record: CatalogueRecord): string =>
  JSON.stringify(Object.values(record.value).filter((value) => typeof value === 'string')).toLowerCase()

/** Records that fit what was asked for: a search looks through all texts, any other name must be what the record holds. */
function filtered(records: readonly CatalogueRecord[], wanted: Readonly<Record<string, unknown>>): readonly CatalogueRecord[] {
  return records.filter((record) =>
    Object.entries(wanted).every(([name, value]) => {
      if (typeof value !== 'string' || value === '' || PLACE_NAMES.has(name)) return true
      if (SEARCHES.includes(name)) return textsOf(record).includes(value.toLowerCase())
      const own = record.value[name] ?? record.value[camel(name)] ?? record.owners[camel(name)]
      return typeof own !== 'string' || own === value || value === 'all' || !/(Id|_id|status|type|model)$/i.test(name)
    }),
  )
}
