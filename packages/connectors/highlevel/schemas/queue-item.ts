import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'

/** A post waiting in a queue. Its text is that of the post it was made from, or its own. */
export const QueueItem = z
  .object({
    id: z.string().meta({ title: 'Item id' }),
    order: z.number().optional().meta({ title: 'Place in the queue', description: 'Smaller comes first; the steps are a thousand wide.' }),
    postId: z.string().optional().meta({ title: 'Made from the post' }),
    summary: z.string().meta({ title: 'Text' }),
    accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
    primaryImage: z.string().optional().meta({ title: 'Image' }),
    variations: z.array(z.string()).meta({ title: 'Other texts', description: 'HighLevel takes them in turn.' }),
    plannedFor: z.string().optional().meta({ title: 'Planned for' }),
    isSkipped: z.boolean().meta({ title: 'Is left out' }),
    errors: z.array(z.string()).meta({ title: 'What is wrong with it' }),
  })
  .meta({ title: 'Queue item' })
export type QueueItem = z.output<typeof QueueItem>

const Content = maybe(z.looseObject({ summary: maybeText, accountIds: listOf(z.string()) }))
const Variations = listOf(z.looseObject({ content: maybeText })).transform((all) => all.flatMap(({ content }) => content ?? []))

const QueueItemReply = z
  .looseObject({
    _id: z.string(),
    order: maybeNumber,
    postId: maybeText,
    post: Content,
    modifiedPostPayload: Content,
    primaryImage: maybeText,
    variations: Variations,
    scheduledDateTime: maybeText,
    isSkipped: maybe(z.boolean()),
    errors: listOf(z.string()),
  })
  .transform((item): QueueItem => ({
    id: item['_id'],
    order: item.order,
    postId: item.postId,
    summary: item.modifiedPostPayload?.summary ?? item.post?.summary ?? '',
    accountIds: [item.modifiedPostPayload, item.post].find((content) => content?.accountIds.length)?.accountIds ?? [],
    primaryImage: item.primaryImage,
    variations: item.variations,
    plannedFor: item.scheduledDateTime,
    isSkipped: item.isSkipped === true,
    errors: item.errors,
  }))

export const QueueItemsReply = results(z.looseObject({ items: listOf(QueueItemReply), meta: maybe(z.looseObject({ count: maybeNumber })) }))
export const OneQueueItemReply = results(z.looseObject({ queueItem: maybe(QueueItemReply) }))

/** A post that a queue will publish. */
export const PlannedPost = z
  .object({
    at: z.string().meta({ title: 'Planned for' }),
    itemId: z.string().optional().meta({ title: 'Item id' }),
    queueId: z.string().optional().meta({ title: 'Queue id' }),
    categoryName: z.string().optional().meta({ title: 'Category' }),
    summary: z.string().meta({ title: 'Text' }),
    accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
    errors: z.array(z.string()).meta({ title: 'What is wrong with it' }),
  })
  .meta({ title: 'Planned post' })
type PlannedPost = z.output<typeof PlannedPost>

const PlannedPostReply = z
  .looseObject({
    scheduledDateTime: maybeText,
    queueItemId: maybeText,
    queueId: maybeText,
    category: maybe(z.looseObject({ name: maybeText })),
    post: Content,
    errors: listOf(z.string()),
  })
  .transform((row): PlannedPost => ({
    at: row.scheduledDateTime ?? '',
    itemId: row.queueItemId,
    queueId: row.queueId,
    categoryName: row.category?.name,
    summary: row.post?.summary ?? '',
    accountIds: row.post?.accountIds ?? [],
    errors: row.errors,
  }))
export const PlannedPostsReply = results(z.looseObject({ scheduledPosts: listOf(PlannedPostReply), timezone: maybeText }))

export const queueItemSample: QueueItem = {
  id: '66f3aa11bb22cc33dd44ee41',
  order: 1_000,
  postId: '66f1aa11bb22cc33dd44ee21',
  summary: 'Solar panels pay for themselves. Ask us how.',
  accountIds: ['65aa01_LocNorthgate_112233_page'],
  primaryImage: 'https://files.example/panels.jpg',
  variations: ['Ask us how solar panels pay for themselves.'],
  plannedFor: '2026-03-16T09:30:00.000Z',
  isSkipped: false,
  errors: [],
}
export const plannedPostSample: PlannedPost = {
  at: '2026-03-16T09:30:00.000Z',
  itemId: queueItemSample.id,
  queueId: '66f3aa11bb22cc33dd44ee40',
  categoryName: 'Promotions',
  summary: queueItemSample.summary,
  accountIds: queueItemSample.accountIds,
  errors: [],
}
