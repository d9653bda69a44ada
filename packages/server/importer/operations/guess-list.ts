import { isObject, type Schema } from '@couplet/connector-sdk'
import type { ImportedOperation, ImportedPaging } from '../facts.ts'

const ENVELOPES = ['data', 'items', 'results', 'result', 'response', 'content', 'records', 'values', 'entries', 'list']
const IDS = ['id', '_id', 'uuid', 'uid', 'guid', 'key', 'slug']

const membersOf = (schema: unknown): Record<string, unknown> =>
  isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {}
const isList = (schema: unknown): schema is Schema => isObject(schema) && schema['type'] === 'array'
const itemsOf = (schema: Schema): unknown => schema['items']

/** Where the items of an answer are: the answer itself, one of its members, or one of an envelope's. `undefined`: it is no list. */
function findList(reply: Schema | undefined): { items: string; item: unknown } | undefined {
  if (isList(reply)) return { items: '', item: itemsOf(reply) }
  const members = membersOf(reply)
  const lists = Object.entries(members).filter((entry): entry is [string, Schema] => isList(entry[1]))
  const ofObjects = lists.filter(([, list]) => Object.keys(membersOf(itemsOf(list))).length > 0)
  const best = lists.find(([name]) => ENVELOPES.includes(name)) ?? (ofObjects.length === 1 ? ofObjects[0] : undefined)
  // A record with one list of its own is no list: records have ids.
  if (best && !(IDS.some((id) => id in members) && !ENVELOPES.includes(best[0]))) return { items: best[0], item: itemsOf(best[1]) }
  for (const envelope of ENVELOPES) {
    const inner = Object.entries(membersOf(members[envelope])).find((entry): entry is [string, Schema] => isList(entry[1]))
    if (inner) return { items: `${envelope}.${inner[0]}`, item: itemsOf(inner[1]) }
  }
  return undefined
}

const SIZE = /^(limit|per_?page|page_?size|size|count|max_?results|take|top)$/i
const OFFSET = /^(offset|skip|start|start_?index|from)$/i
const PAGE = /^(page|page_?number|page_?no)$/i
const CURSOR = /^(cursor|after|starting_?after|page_?token|next_?token|continuation_?token|start_?cursor)$/i
const NEXT = /^(next_?cursor|next_?page_?token|next_?token|next|cursor|end_?cursor|continuation_?token)$/i

/** Where the answer says how to go on: a member of it, or one of an object beside the list. */
function nextIn(reply: Schema | undefined): string | undefined {
  const members = membersOf(reply)
  const own = Object.keys(members).find((name) => NEXT.test(name) && !isList(members[name]))
  if (own !== undefined && Object.keys(membersOf(members[own])).length === 0) return own
  for (const [name, part] of Object.entries(members)) {
    const inner = Object.keys(membersOf(part)).find((member) => NEXT.test(member))
    if (inner !== undefined) return `${name}.${inner}`
  }
  return undefined
}

function pagingOf(parameters: ImportedOperation['parameters'], reply: Schema | undefined): ImportedPaging | undefined {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const named = (pattern: RegExp) => query.find(({ name }) => pattern.test(name))
  const size = named(SIZE)
  const max = size?.schema['maximum']
  const sized = { ...(size ? { size: size.name } : {}), ...(typeof max === 'number' ? { sizeMax: max } : {}) }
  const next = nextIn(reply)
  const cursor = named(CURSOR)
  if (cursor && next !== undefined) return { style: 'cursor', at: cursor.name, next, ...sized }
  const offset = named(OFFSET)
  if (offset && size) return { style: 'offset', at: offset.name, ...sized }
  const page = named(PAGE)
  return page ? { style: 'page', at: page.name, ...sized } : undefined
}

/** What is needed to follow a list: where its items are, what tells them apart, how it goes on. Empty for what is no list. */
export function guessList(
  operation: Pick<ImportedOperation, 'method' | 'path' | 'parameters' | 'reply'>,
): Pick<ImportedOperation, 'items' | 'itemId' | 'paging'> {
  const paging = pagingOf(operation.parameters, operation.reply)
  if (operation.method !== 'GET' || (operation.path.endsWith('}') && !paging)) return {}
  const list = findList(operation.reply)
  if (!list) return {}
  const members = Object.keys(membersOf(list.item))
  const itemId = IDS.find((id) => members.includes(id)) ?? members.find((name) => /[a-z]Id$|_id$/.test(name))
  return { items: list.items, ...(itemId === undefined ? {} : { itemId }), ...(paging ? { paging } : {}) }
}
