import type { Highlevel } from '../context.ts'
import { badSocialRequest } from '../errors.ts'
import { rowBy } from '../lookup.ts'
import type { Reply } from '../operation.ts'
import type { Queue, QueueItem } from '../state.ts'

/** Category queues: v3 only. `message` sits inside `results` here. */
export const BASE = '/social-media-posting/category/queues'
export const V3_ONLY = { v2: false, v3: true }
export const READ = ['socialplanner/category.readonly']
export const WRITE = ['socialplanner/category.write']

export const queueReply = (status: 200 | 201, message: string, results: Record<string, unknown> = {}): Reply => ({
  status,
  json: { success: true, statusCode: status, results: { message, ...results } },
})

export function queueAt(context: Highlevel, queueId: string | undefined, locationId: string): Queue {
  const queue = rowBy(context.state.queues, '_id', queueId ?? '')
  if (!queue || queue.locationId !== locationId || queue.status === 'deleted') throw badSocialRequest('Queue not found')
  return queue
}

/** What an item will post, with the members the published files promise of it. */
export const payloadOf = (queue: Queue, item: Pick<QueueItem, 'payload'>): Record<string, unknown> => ({
  locationId: queue.locationId,
  type: 'post',
  error: '',
  ...item.payload,
})
