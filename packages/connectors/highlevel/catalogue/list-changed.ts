import { isObject, memberAt, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { refuse } from '../refusals.ts'
import { indexRows } from './load.ts'
import { readListPage } from './read-list.ts'
import { wordsOf } from './words.ts'

/** An item with what is needed to tell it from others and from itself earlier. */
type Item = { operation: string; id: string; item: unknown; ignore: readonly string[] }

const USUAL_IDS = ['id', '_id']

/** The item's id as text; throws a user fault when it has none where it was said to be. */
function idOf(item: unknown, idAt: string | undefined): string {
  for (const path of idAt === undefined ? USUAL_IDS : [idAt]) {
    const id = memberAt(item, path)
    if (typeof id === 'string' || typeof id === 'number') return String(id)
  }
  throw refuse({
    code: 'highlevel.item_without_id',
    message: `An item of this list has no ${idAt ?? 'id'} to know it by.`,
    hint: 'Name the member that tells items apart.',
    fields: { idAt: 'not found in an item' },
  })
}

const without = (item: unknown, names: readonly string[]): unknown =>
  isObject(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name))) : item

/** Lists of the catalogue, for the choice of the trigger. Facts of ours: HighLevel is not asked. */
export const listOperations = vendor.list({
  scopes: [],
  rows: async () =>
    [...indexRows().values()]
      .filter((row) => row.items !== undefined)
      .map((row) => {
        const { title, group } = wordsOf(row)
        return { value: row.id, label: `${group}: ${title}`, hint: [`${row.method} ${row.path}`, ...row.scopes].join(' · ') }
      })
      .toSorted((a, b) => a.label.localeCompare(b.label)),
})

export const listChanged = vendor.trigger({
  id: 'highlevel.list.changed',
  version: 1,
  title: 'Item of any list created, changed or removed',
  summary: 'Reads a list of HighLevel again and again and starts for every item that is new, changed or gone.',
  phrase: 'an item of a chosen list is created, changed or removed in {connection}',
  group: 'Any operation',
  facts: [
    { mark: 'CONFIRMED', text: 'The whole list is read each time, page by page; most lists have no order and no "changed since".' },
    { mark: 'CONFIRMED', text: 'Which permission is needed depends on the list; the choice shows it.' },
    { mark: 'ASSUMED', text: 'Pages of 50 are asked for: larger ones are documented for few lists.' },
  ],
  scopes: [],
  input: z.object({
    operation: pick('list-operations').meta({ title: 'List' }),
    parameters: z.record(z.string(), z.json()).default({}).meta({
      title: 'Parameters',
      description: 'Filters and parts of the path, by their names. The sub-account and the pages fill themselves in.',
    }),
    idAt: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Id of an item', description: 'The member that tells items apart. Without it: id, else _id.', advanced: true }),
    itemsAt: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Items of the answer', description: 'Only when Couplet does not know it: results.tags.', advanced: true }),
    ignore: z
      .array(z.string().min(1))
      .default([])
      .meta({ title: 'Members that do not count', description: 'A change of these alone starts nothing.', advanced: true }),
  }),
  output: z.object({
    change: z.enum(['created', 'changed', 'removed']).meta({ title: 'What happened' }),
    list: z.string().meta({ title: 'List' }),
    id: z.string().meta({ title: 'Id' }),
    item: z.record(z.string(), z.json()).meta({ title: 'Item' }),
    previous: z.record(z.string(), z.json()).optional().meta({ title: 'Item before' }),
    locationId: z.string().meta({ title: 'Location id' }),
  }),
  samples: [
    {
      change: 'created',
      list: 'calendars.get-calendars',
      id: 'CalNorthgate00000001',
      item: { id: 'CalNorthgate00000001', name: 'Site visits', isActive: true },
      locationId: 'LocNorthgateSolar001',
    },
  ],
  poll: {
    mode: 'scan',
    every: '5 m',
    async page(call) {
      const { operation, idAt, ignore } = call.input
      const { items, next } = await readListPage(call, call.input, call.cursor)
      const known = idAt ?? indexRows().get(operation)?.itemId
      const made = items.map((item): Item => ({ operation, id: idOf(item, known), item, ignore }))
      return next === undefined ? { items: made } : { items: made, next }
    },
    id: (item: Item) => item.id,
    content: (item: Item) => without(item.item, item.ignore),
    fact: ({ change, item, previous, hash, revision, connection, now }) => ({
      key: `hl.list:${connection.locationId}:${item.operation}:${item.id}:${hash}:${revision}`,
      at: now,
      data: {
        change,
        list: item.operation,
        id: item.id,
        item: asRecord(item.item),
        previous: previous === undefined ? undefined : asRecord(previous.item),
        locationId: connection.locationId,
      },
    }),
  },
})

/** Items come from JSON; one that is no object is handed on as its value. */
const asRecord = (item: unknown): Record<string, z.core.util.JSONType> => {
  const parsed = z.record(z.string(), z.json()).safeParse(item)
  const value = z.json().safeParse(item)
  return parsed.success ? parsed.data : { value: value.success ? value.data : null }
}
