// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { type Highlevel, nowIso } from './context.ts'
import { objectId } from './ids.ts'
import { inLocation } from './lookup.ts'
import type { Queue } from './state.ts'

type Wanted = Pick<Queue, 'locationId' | 'categoryId' | 'createdBy'> & {
  timeSlots: readonly { dayOfWeek: number; time: string }[]
  enableFuturePosts?: boolean | undefined
  prioritizeNewContent?: boolean | undefined
}

export const withIds = (slots: readonly { dayOfWeek: number; time: string }[]): Queue['timeSlots'] =>
  slots.map((slot) => ({ _id: objectId(), ...slot }))

export const liveQueues = (context: Highlevel, locationId: string): Queue[] =>
  inLocation(context.state.queues, locationId).filter((row) => row.status !== 'deleted')

/** Makes a queue of a category, as a draft; its published posts are put into it. */
export function makeQueue(context: Highlevel, wanted: Wanted): Queue {
  const now = nowIso(context)
  const posts = inLocation(context.state.posts, wanted.locationId).filter(
    (post) => post.categoryId === wanted.categoryId && post.status === 'published',
  )
  const queue: Queue = {
    _id: objectId(),
    locationId: wanted.locationId,
    categoryId: wanted.categoryId,
    timeSlots: withIds(wanted.timeSlots),
    enableFuturePosts: wanted.enableFuturePosts ?? false,
    prioritizeNewContent: wanted.prioritizeNewContent ?? false,
    status: 'draft',
    skipDateTime: [],
    createdBy: wanted.createdBy,
    startDate: now,
    createdAt: now,
    updatedAt: now,
    items: posts.map((post, at) => ({
      _id: objectId(),
      order: (at + 1) * 1_000,
      postId: post._id,
      variations: [],
      primaryImage: post.media[0]?.url ?? '',
      payload: { summary: post.summary, accountIds: post.accountIds },
    })),
  }
  context.state.queues.push(queue)
  return queue
}

/** Begins an edit session: changes go to a copy of the items until it is saved. */
export function beginEdit(queue: Queue): NonNullable<Queue['edit']> {
  queue.edit = { sessionId: objectId(), items: structuredClone(queue.items) }
  return queue.edit
}
