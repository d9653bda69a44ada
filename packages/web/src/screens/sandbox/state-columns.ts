import { isJsonObject } from '@couplet/core'
import { wordsOfName } from '../../schema/read-schema.ts'
import { sampleWords } from '../../words/sample-words.ts'
import { shortTime } from '../../words/times.ts'

type Row = Readonly<Record<string, unknown>>

/** The columns of the collections people look at; a member inside another is divided by a dot. */
const CHOSEN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  highlevel: {
    locations: ['name', 'city', 'email', 'isActive'],
    plannerTags: ['tag', 'locationId', 'deleted', 'updatedAt'],
    categories: ['name', 'locationId', 'deleted', 'updatedAt'],
    locationTags: ['name', 'locationId'],
    posts: ['summary', 'locationId', 'status', 'scheduleDate', 'publishedAt'],
    accounts: ['name', 'platform', 'locationId', 'isExpired'],
    contacts: ['firstName', 'lastName', 'email', 'locationId', 'tags'],
    deliveries: ['event', 'url', 'status', 'error'],
  },
  heyzine: {
    accounts: ['clientId', 'plan', 'hasReplace', 'leadsHook.url'],
    flipbooks: ['texts.title', 'texts.tags', 'clientId', 'createdAt'],
    bookshelves: ['title', 'flipbookIds', 'clientId', 'createdAt'],
    leads: ['flipbookId', 'answer', 'isSent', 'date'],
  },
  payaca: {
    customers: ['name', 'tags', 'createdAt'],
    projects: ['reference', 'stageId', 'customerId', 'tags'],
    pipelines: ['title', 'stages'],
  },
}

/** Members that tell rows apart best come first; long ones and inner objects are left to the row itself. */
const FIRST = ['tag', 'name', 'fullName', 'title', 'firstName', 'lastName', 'summary', 'email', 'status', 'platform', 'type', 'createdAt']
const COLUMNS_MAX = 5

/** The members shown as columns, as paths. */
export function membersOf(vendor: string, collection: string, rows: readonly Row[]): readonly string[] {
  const chosen = CHOSEN[vendor]?.[collection]
  if (chosen) return chosen
  const seen = new Set(
    rows
      .slice(0, 50)
      .flatMap((row) =>
        Object.entries(row).flatMap(([name, value]) =>
          typeof value === 'object' && value !== null && !Array.isArray(value) ? [] : [name],
        ),
      ),
  )
  const known = FIRST.filter((name) => seen.has(name))
  const others = [...seen].filter((name) => !known.includes(name) && !/^_?id$|Id$|token|secret|base64/i.test(name))
  const members = [...known, ...others].slice(0, COLUMNS_MAX)
  return members.length > 0 ? members : [...seen].slice(0, COLUMNS_MAX)
}

/** `texts.title` is the title of the texts. */
export const valueAt = (row: Row, member: string): unknown =>
  member.split('.').reduce<unknown>((value, part) => (isJsonObject(value) ? value[part] : undefined), row)

/** Tags are what flows change: they are shown whole. */
export const isTags = (member: string): boolean => /(^|\.)tags$/.test(member)

const TITLES: Readonly<Record<string, string>> = {
  locationId: 'Sub-account',
  stageId: 'Stage',
  customerId: 'Customer',
  flipbookId: 'Flipbook',
  flipbookIds: 'Flipbooks',
  clientId: 'Account',
  'leadsHook.url': 'Leads webhook',
}
export const titleOfMember = (member: string): string => TITLES[member] ?? wordsOfName(member.slice(member.lastIndexOf('.') + 1))

/** Names in place of ids, times as people read them; what is not there is left empty. */
export function cellWords(member: string, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === undefined || value === null || value === '') return ''
  if (isTags(member)) return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value.split(',').join(', ') : ''
  if (typeof value === 'string') return names.get(value) ?? (/^\d{4}-\d\d-\d\dT/.test(value) ? shortTime(value) : sampleWords(value))
  if (typeof value === 'number' && member.endsWith('At')) return value > 0 ? shortTime(value) : ''
  if (Array.isArray(value) && value.length === 0) return ''
  return sampleWords(value)
}

/** Every value of a record, at any depth, for searching; the names of its members say nothing about it. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : []
}
