import { isJsonObject } from '@couplet/core'
import { z } from 'zod'
import { loadFacts } from '../../packages/connectors/highlevel/catalogue/load.ts'
import { callFacts, planOf } from '../../packages/connectors/highlevel/catalogue/call.ts'
import { sampleValue } from '@couplet/connector-sdk'
import type { ServedOperation } from '../../packages/simulators/highlevel/catalogue/facts.ts'
import { loadServed, servedRows } from '../../packages/simulators/highlevel/catalogue/load.ts'
import type { CaseRunner } from './case-runner.ts'

const Row = z.looseObject({ id: z.string() })
const State = z.looseObject({
  records: z.array(
    z.looseObject({ id: z.string(), collection: z.string(), owners: z.record(z.string(), z.string()), value: z.looseObject({}) }),
  ),
  contacts: z.array(Row.extend({ email: z.string().optional() })),
  users: z.array(Row.extend({ email: z.string() })),
  locations: z.array(Row),
  posts: z.array(z.looseObject({ _id: z.string() })),
  mediaFiles: z.array(Row),
})
type State = z.output<typeof State>

/** Inputs for operations of the catalogue: the whole form filled in, with ids of records the simulated HighLevel has. */
export type CatalogueInputs = {
  for(id: string, form: Readonly<Record<string, unknown>>): Record<string, unknown>
  /** The same, without what may be left out: no filter narrows a list. */
  required(id: string, form: Readonly<Record<string, unknown>>): Record<string, unknown>
}

export async function catalogueInputs(runner: Pick<CaseRunner, 'run'>): Promise<CatalogueInputs> {
  let seen: unknown
  await runner.run(
    { operation: { id: 'highlevel.social-tag.list', version: 1 }, cases: [] },
    {
      name: 'every kind of record is there',
      given: [{ action: 'fill-catalogue', with: {} }],
      input: (shown: Record<string, unknown>) => {
        seen = shown
        return {}
      },
    },
  )
  const state = State.parse(seen)
  const served = new Map(servedRows().map((row) => [row.id, row]))
  const whole: CatalogueInputs['for'] = (id, form) => {
    const made = sampleValue(form)
    const input: Record<string, unknown> = isJsonObject(made) ? made : {}
    Object.assign(input, together(id, state))
    const row = served.get(id)
    const found = loadFacts(id)
    if (!row || !found) return input
    const { operation } = loadServed(row)
    for (const { name, place, member } of planOf(callFacts(found.facts, found.schemas)).fields) {
      const known = place === 'path' ? pathValue(operation, member, state) : place === 'query' ? queryValue(member, state) : undefined
      if (known !== undefined) input[name] = known
    }
    return input
  }
  return {
    for: whole,
    required(id, form) {
      const names: readonly unknown[] = Array.isArray(form['required']) ? form['required'] : []
      return Object.fromEntries(
        Object.entries(whole(id, form)).flatMap(([name, value]) => (names.includes(name) ? [[name, SEARCHES.has(name) ? '' : value]] : [])),
      )
    },
  }
}

/** They narrow a list, though some operations want them there. */
const SEARCHES = new Set(['query', 'search'])

/** Values of a body that must be those of records the vendor has. */
function together(id: string, { contacts, mediaFiles, users }: State): Record<string, unknown> {
  switch (id) {
    case 'contacts.get-duplicate-contact':
      return { email: contacts[0]?.email }
    case 'users.filter-users-by-email':
      return { emails: users[0]?.email }
    case 'medias.fetch-media-content':
      return { sortOrder: 'asc' }
    case 'medias.bulk-update-media-objects':
      return { filesToBeUpdated: [{ id: mediaFiles[0]?.id, name: 'Renamed' }] }
    case 'medias.bulk-delete-media-objects':
      return { filesToBeDeleted: [{ _id: mediaFiles[1]?.id }], status: 'trashed' }
    default:
      return {}
  }
}

/** A record that a list is asked for the things of. */
function queryValue(name: string, state: State): string | undefined {
  switch (name) {
    case 'userId':
      return state.users[0]?.id
    case 'knowledgeBaseId':
      return firstOf('knowledge-bases', {}, name, state)
    default:
      return undefined
  }
}

/** The id of a record a part of the path means; `undefined` where any value does. */
function pathValue(operation: ServedOperation, name: string, state: State): string | undefined {
  const owner = operation.owners[name]
  if (owner !== undefined) return firstOf(owner, {}, name, state)
  if (name !== operation.idParameter) return undefined
  const owners = Object.fromEntries(
    Object.entries(operation.owners).flatMap(([member, collection]) => {
      const id = firstOf(collection, {}, member, state)
      return id === undefined ? [] : [[member, id]]
    }),
  )
  return firstOf(operation.collection, owners, name, state)
}

function firstOf(collection: string, owners: Readonly<Record<string, string>>, name: string, state: State): string | undefined {
  switch (collection) {
    case 'contacts':
      return state.contacts[0]?.id
    case 'users':
      return state.users[0]?.id
    case 'locations':
      return state.locations[0]?.id
    case 'medias':
      return state.mediaFiles[0]?.id
    default: {
      const found = state.records.find(
        (record) =>
          record.collection === collection && Object.entries(owners).every(([member, id]) => (record.owners[member] ?? id) === id),
      )
      const called = found?.value[name]
      return typeof called === 'string' && name === 'key' ? called : found?.id
    }
  }
}
