import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { type QueueItem, QueueItemsReply } from '../schemas/queue-item.ts'
import { type Queue, QueuesReply } from '../schemas/queue.ts'
import { V3 } from '../version-headers.ts'

const PAGE = 100
const PAGES_MAX = 10

type Page<Row> = { rows: Row[]; count: number | undefined }

/** One page of the category queues; deleted ones are not among them (CONFIRMED). `skip` and `limit` are numbers here (CONFIRMED). */
export async function queuePage({ http, connection }: HighlevelCall, { skip = 0, limit = PAGE }): Promise<Page<Queue>> {
  const body = { locationId: connection.locationId, skip, limit }
  const { queues, meta } = await http({
    method: 'POST',
    path: '/social-media-posting/category/queues/list',
    headers: V3,
    body,
    reply: QueuesReply,
  })
  return { rows: queues, count: meta?.count }
}

export type ItemSearch = { queueId: string; sessionId?: string | undefined; itemId?: string | undefined; errorFilter?: boolean }

/** One page of a queue's items; those of an edit session where one is named. */
export async function queueItemPage(
  { http, connection }: HighlevelCall,
  { queueId, sessionId, itemId, errorFilter, skip = 0, limit = PAGE }: ItemSearch & { skip?: number; limit?: number },
): Promise<Page<QueueItem>> {
  const { items, meta } = await http({
    method: 'POST',
    path: path`/social-media-posting/category/queues/${queueId}/items`,
    headers: V3,
    body: {
      locationId: connection.locationId,
      skip,
      limit,
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(itemId === undefined ? {} : { itemId }),
      ...(errorFilter === true ? { errorFilter } : {}),
    },
    reply: QueueItemsReply,
  })
  return { rows: items, count: meta?.count }
}

/** All rows of a list read page by page, up to a thousand. */
async function allOf<Row>(page: (skip: number) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = []
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const { rows, count } = await page(all.length)
    all.push(...rows)
    if (rows.length === 0 || (count === undefined ? rows.length < PAGE : all.length >= count)) break
  }
  return all
}

export const allQueues = (call: HighlevelCall): Promise<Queue[]> => allOf((skip) => queuePage(call, { skip }))
export const allQueueItems = (call: HighlevelCall, search: ItemSearch): Promise<QueueItem[]> =>
  allOf((skip) => queueItemPage(call, { ...search, skip }))
