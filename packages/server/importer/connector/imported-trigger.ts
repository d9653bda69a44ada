import { userFault } from '@couplet/core'
import {
  type AnyTrigger,
  type Call,
  callForm,
  callPlan,
  callRequest,
  isObject,
  memberAt,
  sampleValue,
  type Schema,
} from '@couplet/connector-sdk'
import { z } from 'zod'
import type { ImportedOperation, ImportedPaging } from '../facts.ts'
import { triggerWords } from './imported-words.ts'

const PAGE_SIZE = 100

/** Where a reading of pages stands: the value that asks for the page. */
const Cursor = z.object({ at: z.union([z.string(), z.number()]), seen: z.int().min(0) })

const itemSchema = (operation: ImportedOperation): Schema => {
  let at: unknown = operation.reply
  for (const name of operation.items === '' || operation.items === undefined ? [] : operation.items.split('.'))
    at = isObject(at) && isObject(at['properties']) ? at['properties'][name] : undefined
  const items = isObject(at) ? at['items'] : undefined
  return isObject(items) ? items : { type: 'object' }
}

/** The list as a polling trigger: which items are new, changed or gone, the runtime says. `undefined` when the operation is no list. */
export function importedTrigger(connectorId: string, operation: ImportedOperation, version: number): AnyTrigger | undefined {
  const words = triggerWords(connectorId, operation, version)
  const { items: itemsAt, itemId, paging } = operation
  if (!words || itemsAt === undefined || itemId === undefined) return undefined
  const { wires: _wires, ...own } = words
  const plan = callPlan(operation)
  const ofPaging = new Set([paging?.at, paging?.size])
  const asked = { ...plan, fields: plan.fields.filter(({ member }) => !ofPaging.has(member)) }
  const item = itemSchema(operation)
  const sample = {
    change: 'created',
    id: 'item-1',
    item: isObject(sampleValue(item)) ? sampleValue(item) : {},
  }
  const made = {
    ...own,
    input: callForm(asked),
    output: z.looseObject({}).meta({
      type: 'object',
      properties: {
        change: { type: 'string', enum: ['created', 'changed', 'removed'], title: 'What happened' },
        id: { type: 'string', title: 'Id' },
        item: { ...item, title: 'Item' },
        previous: { ...item, title: 'Item before' },
      },
      required: ['change', 'id', 'item'],
    }),
    samples: [sample],
    poll: {
      mode: 'scan' as const,
      every: '5 m' as const,
      async page(call: Call<unknown, unknown> & { cursor: string | undefined }) {
        const state = call.cursor === undefined ? undefined : Cursor.parse(JSON.parse(call.cursor))
        const first = paging?.style === 'page' ? 1 : 0
        const at = state?.at ?? first
        const size = Math.min(PAGE_SIZE, paging?.sizeMax ?? PAGE_SIZE)
        const own: Record<string, unknown> = isObject(call.input) ? call.input : {}
        const values = {
          ...own,
          ...(paging?.size === undefined ? {} : { [paging.size]: size }),
          ...(paging === undefined || (paging.style === 'cursor' && state === undefined) ? {} : { [paging.at]: at }),
        }
        const { body } = await call.http.exchange(callRequest(operation, plan, values))
        const found = memberAt(body, itemsAt)
        const items: readonly unknown[] = Array.isArray(found) ? found : []
        const seen = (state?.seen ?? 0) + items.length
        const next = paging && nextPage(paging, { at, size, count: items.length, seen, body })
        return { items, ...(next === undefined ? {} : { next: JSON.stringify({ at: next, seen }) }) }
      },
      id: (one: unknown) => idOf(one, itemId),
      content: (one: unknown) => one,
      fact: ({ change, item: now, previous, hash, revision, now: at }: Seen) => {
        const id = idOf(now, itemId)
        return {
          key: `${own.id}:${id}:${hash}:${revision}`,
          at,
          data: { change, id, item: asRecord(now), ...(previous === undefined ? {} : { previous: asRecord(previous) }) },
        }
      },
    },
  }
  // Erased like every operation the registry holds: items are what the pages of this very trigger gave.
  return made as unknown as AnyTrigger
}

type Seen = { change: string; item: unknown; previous: unknown; hash: string; revision: number; now: string }

const asRecord = (item: unknown): Record<string, unknown> => (isObject(item) ? item : { value: item })

function idOf(item: unknown, itemId: string): string {
  const id = memberAt(item, itemId)
  if (typeof id === 'string' || typeof id === 'number') return String(id)
  throw userFault({
    code: 'imported.item_without_id',
    message: `An item of this list has no ${itemId} to know it by.`,
    hint: 'The answer is not as the imported file says. Import the newest file of the vendor.',
  })
}

/** The value that asks for the next page; `undefined` after the last one. A page that is not full is the last. */
function nextPage(
  paging: ImportedPaging,
  { at, size, count, seen, body }: { at: string | number; size: number; count: number; seen: number; body: unknown },
): string | number | undefined {
  if (count === 0) return undefined
  if (paging.style === 'cursor') {
    const next = memberAt(body, paging.next ?? '')
    return (typeof next === 'string' && next !== '') || typeof next === 'number' ? next : undefined
  }
  if (paging.size !== undefined && count < size) return undefined
  return paging.style === 'offset' ? seen : Number(at) + 1
}
