// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { z } from 'zod'
import { nowIso } from '../context.ts'
import type { Highlevel } from '../context.ts'
import { badSocialRequest } from '../errors.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { liveQueues, makeQueue, withIds } from '../queue-life.ts'
import { slotsOf, timezoneOf } from '../queue-slots.ts'
import { amount, flag, isoDate, listOf, numberString, oneOf, text } from '../schema.ts'
import type { Queue } from '../state.ts'
import { queueItemOperations } from './queue-items.ts'
import { BASE, payloadOf, queueAt, queueReply, READ, V3_ONLY, WRITE } from './queue-shared.ts'

const Slots = listOf(
  z.strictObject({ dayOfWeek: amount().min(0).max(6), time: text().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be HH:mm' }) }),
)
function shown(context: Highlevel, queue: Queue, withCategory = false): Record<string, unknown> {
  const { items, edit: _, ...row } = queue
  const lastScheduledTime = slotsOf(context, queue, items).at(-1)?.scheduledDateTime ?? null
  const category = withCategory ? { category: rowBy(context.state.categories, '_id', queue.categoryId) } : {}
  return { ...row, totalPosts: items.length, lastScheduledTime, ...category }
}

const Calendar = z.strictObject({
  locationId: text(),
  startDate: isoDate(),
  endDate: isoDate(),
  categoryIds: listOf(text()).optional(),
  accountIds: listOf(text()).optional(),
})

export const queueOperations: readonly Operation[] = [
  operation({
    id: 'fetchAvailableCategories',
    method: 'GET',
    path: `${BASE}/available-categories`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: READ,
    query: z.object({ locationId: text(), skip: numberString().optional(), limit: numberString().optional(), q: text().optional() }),
    run: ({ context, query }) => {
      const queues = liveQueues(context, query.locationId)
      const posts = inLocation(context.state.posts, query.locationId)
      const found = inLocation(context.state.categories, query.locationId).filter(
        (row) => !row.deleted && row.name.toLowerCase().includes(query.q?.toLowerCase() ?? ''),
      )
      const categories = pageOf(context, found, query).map((row) => {
        const queue = queues.find((one) => one.categoryId === row._id)
        const status = queue === undefined ? 'available' : queue.status === 'draft' ? 'draft' : 'in_queue'
        const details = queue
          ? {
              queueDetails: {
                queueId: queue._id,
                prioritizeNewContent: queue.prioritizeNewContent,
                enableFuturePosts: queue.enableFuturePosts,
              },
            }
          : {}
        return {
          ...row,
          publishedPostsCount: posts.filter((post) => post.categoryId === row._id && post.status === 'published').length,
          status,
          ...details,
        }
      })
      return queueReply(200, 'Available categories fetched successfully', { categories, meta: { count: String(found.length) } })
    },
  }),
  operation({
    id: 'createQueue',
    method: 'POST',
    path: BASE,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: z.strictObject({
      locationId: text(),
      categoryId: text(),
      timeSlots: Slots,
      userId: text(),
      enableFuturePosts: flag().optional(),
      prioritizeNewContent: flag().optional(),
    }),
    run: ({ context, body }) => {
      const category = rowBy(context.state.categories, '_id', body.categoryId)
      if (!category || category.locationId !== body.locationId) throw badSocialRequest('Category not found')
      if (liveQueues(context, body.locationId).some((row) => row.categoryId === body.categoryId))
        throw badSocialRequest('A queue exists for this category')
      const queue = makeQueue(context, { ...body, createdBy: body.userId })
      return queueReply(201, 'Queue created successfully', { queue: shown(context, queue) })
    },
  }),
  operation({
    id: 'fetchQueues',
    method: 'POST',
    path: `${BASE}/list`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: READ,
    body: z.strictObject({ locationId: text(), skip: amount().optional(), limit: amount().optional() }),
    run: ({ context, body }) => {
      const queues = liveQueues(context, body.locationId)
      return queueReply(201, 'Queues fetched successfully', {
        queues: pageOf(context, queues, body).map((row) => shown(context, row, true)),
        meta: { count: String(queues.length) },
      })
    },
  }),
  operation({
    id: 'fetchCalendarList',
    method: 'POST',
    path: `${BASE}/list/calendar`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: READ,
    body: Calendar,
    run: ({ context, body }) => {
      const scheduledPosts = liveQueues(context, body.locationId)
        .filter((queue) => queue.status === 'active' && (body.categoryIds?.includes(queue.categoryId) ?? true))
        .flatMap((queue) =>
          slotsOf(context, queue, queue.items).map((slot) => ({
            scheduledDateTime: slot.scheduledDateTime,
            queueId: queue._id,
            queueItemId: slot.itemId,
            category: rowBy(context.state.categories, '_id', queue.categoryId),
            timezone: timezoneOf(context, body.locationId),
            post: payloadOf(queue, queue.items.find((item) => item._id === slot.itemId) ?? { payload: {} }),
          })),
        )
        .filter(
          (row) =>
            Date.parse(row.scheduledDateTime) >= Date.parse(body.startDate) &&
            Date.parse(row.scheduledDateTime) <= Date.parse(body.endDate),
        )
      return queueReply(201, 'Calendar fetched successfully', {
        scheduledPosts,
        total: scheduledPosts.length,
        timezone: timezoneOf(context, body.locationId),
      })
    },
  }),
  operation({
    id: 'fetchQueueById',
    method: 'GET',
    path: `${BASE}/:queueId`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: READ,
    query: z.object({ locationId: text() }),
    run: ({ context, params, query }) =>
      queueReply(200, 'Queue fetched successfully', { queue: shown(context, queueAt(context, params['queueId'], query.locationId), true) }),
  }),
  operation({
    id: 'updateQueue',
    method: 'PUT',
    path: `${BASE}/:queueId`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: z.strictObject({
      locationId: text(),
      status: oneOf('active', 'paused', 'deleted').optional(),
      timeSlots: Slots.optional(),
      skipDateTime: isoDate().optional(),
      enableFuturePosts: flag().optional(),
      prioritizeNewContent: flag().optional(),
      skipLegacyWatermark: flag().optional(),
    }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const { status, enableFuturePosts, prioritizeNewContent } = body
      const given = Object.entries({ status, enableFuturePosts, prioritizeNewContent }).filter(([, value]) => value !== undefined)
      Object.assign(queue, Object.fromEntries(given), { updatedAt: nowIso(context) })
      if (body.timeSlots) queue.timeSlots = withIds(body.timeSlots)
      if (body.skipDateTime !== undefined) queue.skipDateTime.push(body.skipDateTime)
      return queueReply(200, `Queue ${status ?? 'updated'} successfully.`, { queue: shown(context, queue) })
    },
  }),
  operation({
    id: 'deleteCurrentActivePostAndScheduleNext',
    method: 'DELETE',
    path: `${BASE}/:postId/active-post`,
    exists: V3_ONLY,
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    query: z.object({ locationId: text() }),
    run: ({ context, params, query }) => {
      const queue = liveQueues(context, query.locationId).find((row) => row.items.some((item) => item.postId === params['postId']))
      if (!queue) throw badSocialRequest('Post not found in a queue')
      // The active post goes to the end, so the next item takes its slot.
      const last = Math.max(...queue.items.map((item) => item.order))
      for (const item of queue.items) if (item.postId === params['postId']) item.order = last + 1_000
      return queueReply(200, 'Current post deleted and next post scheduled successfully')
    },
  }),
  ...queueItemOperations,
]
