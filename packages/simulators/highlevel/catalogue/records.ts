import { isJsonObject } from '@couplet/core'
import { type Highlevel, nowIso } from '../context.ts'
import { objectId, seededSource } from '../ids.ts'
import { inLocation } from '../lookup.ts'
import type { CatalogueRecord } from '../state.ts'
import { entitySchemaOf } from './entity.ts'
import { exampleOf, membersOf } from './example.ts'
import { fits } from './fits.ts'
import type { Served } from './load.ts'
import { NAME_MEMBERS, sampleName } from './names.ts'

/** Where records are: of which kind, in which sub-account, and of which other records. */
export type Place = { collection: string; locationId: string; owners: Readonly<Record<string, string>> }

const SAMPLES = 3
/** Stands in the list of seeded collections when nothing is to be made up. */
export const NO_SAMPLES = '*'
const DAY_MS = 86_400_000

const isOwned = (record: CatalogueRecord, owners: Readonly<Record<string, string>>): boolean =>
  Object.entries(owners).every(([name, id]) => record.owners[name] === undefined || record.owners[name] === id)

/** Records of a place, oldest first. A place nobody looked at yet gets its sample records now. */
export function recordsAt(context: Highlevel, place: Place, served: Served): readonly CatalogueRecord[] {
  seedOnce(context, place, served)
  return inLocation(context.state.records, place.locationId).filter(
    (record) => record.collection === place.collection && isOwned(record, place.owners),
  )
}

function seedOnce(context: Highlevel, place: Place, served: Served): void {
  const { state } = context
  const owners = Object.entries(place.owners).map(([name, id]) => `${name}=${id}`)
  const key = [place.collection, place.locationId, ...owners].join(' ')
  if (state.seededCollections.includes(NO_SAMPLES) || state.seededCollections.includes(key)) return
  state.seededCollections.push(key)
  const entity = entitySchemaOf(served, place.collection)
  for (let index = 0; index < SAMPLES; index++) {
    const id = objectId(seededSource(`${key} ${index}`))
    const at = new Date(context.clock.now() - (SAMPLES - index) * DAY_MS).toISOString()
    const example = entity === undefined ? {} : exampleOf(entity, served.module.schemas, { name: '', salt: id })
    const value: Record<string, unknown> = isJsonObject(example) ? example : {}
    const members = entity === undefined ? {} : membersOf(entity, served.module.schemas)
    for (const [name, schema] of Object.entries(members)) {
      const wanted = NAME_MEMBERS.has(name) ? sampleName(place.collection, index) : linkOf(context, name, place, index, served)
      if (wanted !== undefined && fits(schema, served.module.schemas, wanted)) value[name] = wanted
    }
    state.records.push({
      id,
      collection: place.collection,
      locationId: place.locationId,
      owners: { ...place.owners },
      createdAt: at,
      updatedAt: at,
      value,
    })
  }
}

/** Whoever works in the sub-account, in the order the list of people shows. */
const peopleAt = ({ state }: Highlevel, locationId: string) =>
  state.users.filter((user) => !user.deleted && (user.locationIds.includes(locationId) || user.type === 'agency'))

const CUSTOM_FIELDS = 'locations/customFields'
/** The last custom field is one of opportunities, the others are of contacts. */
const modelOf = (index: number): string => (index === SAMPLES - 1 ? 'opportunity' : 'contact')

/** Ids that lead to records of other kinds lead to ones that exist. */
function linkOf(context: Highlevel, name: string, { collection, locationId }: Place, index: number, served: Served): string | undefined {
  const { state } = context
  switch (name) {
    case 'locationId':
    case 'altId':
      return locationId
    case 'model':
      return collection === CUSTOM_FIELDS ? modelOf(index) : undefined
    case 'fieldKey':
      return collection === CUSTOM_FIELDS
        ? `${modelOf(index)}.${sampleName(collection, index).toLowerCase().replaceAll(' ', '_')}`
        : undefined
    case 'contactId': {
      const own = inLocation(state.contacts, locationId)
      return own[index % Math.max(1, own.length)]?.id
    }
    case 'userId':
    case 'assignedTo':
    case 'assignedUserId':
      return peopleAt(context, locationId)[index % peopleAt(context, locationId).length]?.id
    default:
      return firstIdOf(context, name, collection, locationId, served)
  }
}

/** Collections whose samples are being made: two that point at each other must not go round in circles. */
const underWay = new Set<string>()

/** The first record that a member such as `knowledgeBaseId` may mean: of the collection whose records go by that name. */
function firstIdOf(context: Highlevel, name: string, from: string, locationId: string, served: Served): string | undefined {
  if (!name.endsWith('Id') || underWay.has(from)) return undefined
  const { operations } = served.module
  const target = operations.find(({ idParameter }) => idParameter === name)?.collection
  const isListed = operations.some(
    ({ collection, does, owners }) => collection === target && does === 'list' && Object.keys(owners).length === 0,
  )
  if (target === undefined || target === from || !isListed) return undefined
  underWay.add(from)
  try {
    return recordsAt(context, { collection: target, locationId, owners: {} }, served)[0]?.id
  } finally {
    underWay.delete(from)
  }
}

/** The record with this id, or with this value in the member its path calls it by (objects are called by their key). */
export const recordBy = (records: readonly CatalogueRecord[], id: string, member: string): CatalogueRecord | undefined =>
  records.find((record) => record.id === id) ?? records.find((record) => record.value[member] === id)

export function addRecord(context: Highlevel, place: Place, value: Record<string, unknown>, id: string = objectId()): CatalogueRecord {
  const now = nowIso(context)
  const record = {
    id,
    collection: place.collection,
    locationId: place.locationId,
    owners: { ...place.owners },
    createdAt: now,
    updatedAt: now,
    value,
  }
  context.state.records.push(record)
  return record
}

export function changeRecord(context: Highlevel, record: CatalogueRecord, value: Readonly<Record<string, unknown>>): void {
  record.value = { ...record.value, ...value }
  record.updatedAt = nowIso(context)
}

/** Removes the record and those that belong to it. */
export function removeRecord({ state }: Highlevel, record: CatalogueRecord): void {
  state.records = state.records.filter((one) => one !== record && !Object.values(one.owners).includes(record.id))
}
