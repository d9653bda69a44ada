import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'
import { WeeklySlot, WeeklySlotsReply } from './queue-slots.ts'

/** A category queue: posts of one category that go out again and again, at weekly times. */
export const Queue = z
  .object({
    id: z.string().meta({ title: 'Queue id' }),
    categoryId: z.string().meta({ title: 'Category id' }),
    categoryName: z.string().optional().meta({ title: 'Category' }),
    status: z.string().meta({ title: 'Status', description: 'draft, active or paused' }),
    timeSlots: z.array(WeeklySlot).meta({ title: 'Weekly times' }),
    skippedTimes: z.array(z.string()).meta({ title: 'Times left out' }),
    enableFuturePosts: z.boolean().meta({ title: 'Takes in new posts of the category' }),
    prioritizeNewContent: z.boolean().meta({ title: 'New posts go first' }),
    totalPosts: z.number().optional().meta({ title: 'Number of posts' }),
    currentPostId: z.string().optional().meta({ title: 'Post planned now' }),
    lastScheduledTime: z.string().optional().meta({ title: 'Planned up to' }),
    createdBy: z.string().optional().meta({ title: 'Created by (user id)' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    updatedAt: z.string().optional().meta({ title: 'Changed at' }),
  })
  .meta({ title: 'Category queue' })
export type Queue = z.output<typeof Queue>

const QueueItemReply = z
  .looseObject({
    _id: z.string(),
    categoryId: maybeText,
    category: maybe(z.looseObject({ name: maybeText })),
    status: maybeText,
    timeSlots: WeeklySlotsReply,
    skipDateTime: listOf(z.string()),
    enableFuturePosts: maybe(z.boolean()),
    prioritizeNewContent: maybe(z.boolean()),
    totalPosts: maybeNumber,
    currentPostId: maybeText,
    lastScheduledTime: maybeText,
    createdBy: maybeText,
    createdAt: maybeText,
    updatedAt: maybeText,
  })
  .transform((queue): Queue => ({
    id: queue['_id'],
    categoryId: queue.categoryId ?? '',
    categoryName: queue.category?.name,
    status: queue.status ?? '',
    timeSlots: queue.timeSlots,
    skippedTimes: queue.skipDateTime,
    enableFuturePosts: queue.enableFuturePosts === true,
    prioritizeNewContent: queue.prioritizeNewContent === true,
    totalPosts: queue.totalPosts,
    currentPostId: queue.currentPostId,
    lastScheduledTime: queue.lastScheduledTime,
    createdBy: queue.createdBy,
    createdAt: queue.createdAt,
    updatedAt: queue.updatedAt,
  }))

/** `meta.count` is text (CONFIRMED). */
const Count = maybe(z.looseObject({ count: maybeNumber }))
export const QueuesReply = results(z.looseObject({ queues: listOf(QueueItemReply), meta: Count }))
export const OneQueueReply = results(z.looseObject({ queue: maybe(QueueItemReply) }))

/** A category as a queue sees it. */
export const QueueCategory = z
  .object({
    id: z.string().meta({ title: 'Category id' }),
    name: z.string().meta({ title: 'Name' }),
    status: z.string().meta({ title: 'Status', description: 'available (no queue yet), in_queue or draft' }),
    queueId: z.string().optional().meta({ title: 'Queue id' }),
    publishedPostsCount: z.number().optional().meta({ title: 'Published posts' }),
  })
  .meta({ title: 'Category' })
type QueueCategory = z.output<typeof QueueCategory>

const QueueCategoryReply = z
  .looseObject({
    _id: z.string(),
    name: maybeText,
    status: maybeText,
    publishedPostsCount: maybeNumber,
    queueDetails: maybe(z.looseObject({ queueId: maybeText })),
  })
  .transform((row): QueueCategory => ({
    id: row['_id'],
    name: row.name ?? '',
    status: row.status ?? '',
    queueId: row.queueDetails?.queueId,
    publishedPostsCount: row.publishedPostsCount,
  }))
export const QueueCategoriesReply = results(z.looseObject({ categories: listOf(QueueCategoryReply), meta: Count }))

export const queueSample: Queue = {
  id: '66f3aa11bb22cc33dd44ee40',
  categoryId: '66f0aa11bb22cc33dd44ee11',
  categoryName: 'Promotions',
  status: 'active',
  timeSlots: [{ day: 'monday', time: '09:30' }],
  skippedTimes: [],
  enableFuturePosts: true,
  prioritizeNewContent: false,
  totalPosts: 12,
  lastScheduledTime: '2026-06-01T09:30:00.000Z',
  createdBy: 'UsrDana0001',
  createdAt: '2026-03-09T16:20:00.000Z',
  updatedAt: '2026-03-09T16:20:00.000Z',
}
