import { isJsonObject } from '@couplet/core'
import type { CatalogueRecord } from '../state.ts'
import { isRecordLike, itemSchemaOf, recordPathOf, schemaAt } from './entity.ts'
import { exampleOf, membersOf } from './example.ts'
import type { Schema } from './facts.ts'
import { fits } from './fits.ts'
import { opened, type Served } from './load.ts'
import type { Page } from './pages.ts'

/** A record by all the names the vendor may use for its parts. */
function spread(record: CatalogueRecord, idParameter: string | undefined): Record<string, unknown> {
  const { id, locationId, owners, createdAt, updatedAt, value } = record
  const own = { id, _id: id, ...(idParameter === undefined ? {} : { [idParameter]: value[idParameter] ?? id }) }
  const times = { createdAt, updatedAt, dateAdded: createdAt, dateUpdated: updatedAt }
  return { locationId, altId: locationId, altType: 'location', ...times, ...owners, ...value, ...own }
}

/** The record in the form a schema asks for: its own parts where they fit, made-up ones where something must be there. */
function shown(schema: Schema, served: Served, record: CatalogueRecord, idParameter: string | undefined): Record<string, unknown> {
  const { schemas } = served.module
  const parts = spread(record, idParameter)
  const target = opened(schema, schemas)
  const required = new Set(Array.isArray(target['required']) ? target['required'].map(String) : [])
  const members = membersOf(target, schemas)
  if (Object.keys(members).length === 0) return parts
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const own = parts[name]
      if (own !== undefined && fits(member, schemas, own)) return [[name, own]]
      return required.has(name) ? [[name, exampleOf(member, schemas, { name, salt: record.id, depth: 1 })]] : []
    }),
  )
}

/** The answer with a value put at a path of members. */
function put(answer: unknown, path: string, value: unknown): unknown {
  const [name, ...rest] = path === '' ? [] : path.split('.')
  if (name === undefined) return value
  const holder = isJsonObject(answer) ? answer : {}
  return { ...holder, [name]: put(holder[name], rest.join('.'), value) }
}

/** Answer about one record. */
export function answerOfRecord(served: Served, record: CatalogueRecord): unknown {
  const { operation, module } = served
  const path = recordPathOf(operation.reply, module.schemas)
  const frame = exampleOf(operation.reply, module.schemas, { name: '', salt: record.id })
  if (path === undefined) return withOwnParts(served, frame, record)
  const schema = schemaAt(operation.reply, path, module.schemas) ?? {}
  return put(frame, path, shown(schema, served, record, operation.idParameter))
}

/** An answer that shows no whole record may still name parts of it. */
function withOwnParts({ operation, module }: Served, frame: unknown, record: CatalogueRecord): unknown {
  if (!isJsonObject(frame)) return frame
  const parts = spread(record, operation.idParameter)
  return Object.fromEntries(
    Object.entries(membersOf(operation.reply, module.schemas)).map(([name, member]) => {
      const own = parts[name]
      const isOwn = own !== undefined && fits(member, module.schemas, own)
      return [name, isOwn ? own : frame[name]]
    }),
  )
}

/** An answer that is about no record of ours: made up, with the parts of the request in it that fit. */
export function answerToNothing({ operation, module }: Served, parts: Readonly<Record<string, unknown>>, salt: string): unknown {
  const frame = exampleOf(operation.reply, module.schemas, { name: '', salt })
  if (!isJsonObject(frame)) return frame
  return Object.fromEntries(
    Object.entries(frame).map(([name, made]) => {
      const member = membersOf(operation.reply, module.schemas)[name]
      const own = parts[name]
      return [name, member !== undefined && own !== undefined && fits(member, module.schemas, own) ? own : made]
    }),
  )
}

/** Where an answer says how many records there are in all. */
const TOTALS = [
  'count',
  'total',
  'totalCount',
  'totalLinks',
  'meta.total',
  'meta.count',
  'pagination.total',
  'results.count',
  'results.total',
  'results.meta.total',
  'results.meta.count',
  'data.total',
  'data.count',
]
/** Where it says whether more are to come. */
const MORE = ['hasMore', 'hasNextPage', 'hasNext', 'meta.hasMore', 'pagination.hasMore', 'messages.nextPage']

/** Answer to a list: one page of records in the form the schema gives their items. */
export function answerOfList(served: Served, page: Page): unknown {
  const { operation, module } = served
  const { schemas } = module
  const path = operation.items ?? ''
  const item = itemSchemaOf(schemaAt(operation.reply, path, schemas), schemas)
  const rows = page.records.map((record) =>
    item === undefined || !isRecordLike(item, schemas) ? plainItem(item, served, record) : shown(item, served, record, undefined),
  )
  const marked =
    operation.paging === 'search-after' || operation.paging === 'start-after-date'
      ? rows.map((row, index) => withMark(row, page.records[index]))
      : rows
  let answer = put(exampleOf(operation.reply, schemas, { name: '', salt: operation.id }), path, marked)
  for (const total of TOTALS) answer = putTotal(answer, total, page.total, served)
  for (const more of MORE) if (typeOf(served, more) === 'boolean') answer = put(answer, more, page.hasMore)
  for (const [name, value] of Object.entries(page.marks)) answer = put(answer, name, value)
  return answer
}

/** An item that is no record (a text, a pair): its parts where they fit, the rest made up. */
function plainItem(item: Schema | undefined, served: Served, record: CatalogueRecord): unknown {
  if (item === undefined) return { id: record.id, ...record.value }
  const made = exampleOf(item, served.module.schemas, { name: '', salt: record.id })
  return isJsonObject(made) ? { ...made, ...shown(item, served, record, undefined) } : made
}

const withMark = (row: unknown, record: CatalogueRecord | undefined): unknown =>
  isJsonObject(row) && record
    ? { ...row, searchAfter: [Date.parse(record.createdAt), record.id], sort: [Date.parse(record.createdAt), record.id] }
    : row

const typeOf = ({ operation, module }: Served, path: string): unknown => {
  const found = schemaAt(operation.reply, path, module.schemas)
  return found && opened(found, module.schemas)['type']
}

function putTotal(answer: unknown, path: string, total: number, { operation, module }: Served): unknown {
  const schema = schemaAt(operation.reply, path, module.schemas)
  const fitting = [total, String(total), [{ total }]].find((value) => schema !== undefined && fits(schema, module.schemas, value))
  return fitting === undefined || Object.keys(schema ?? {}).length === 0 ? answer : put(answer, path, fitting)
}
