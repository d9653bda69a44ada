// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { z } from 'zod'
import { nowIso, type Highlevel } from '../context.ts'
import { badSocialRequest } from '../errors.ts'
import { objectId } from '../ids.ts'
import { rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { beginEdit } from '../queue-life.ts'
import { shownPost } from '../post-view.ts'
import { slotsOf, timezoneOf } from '../queue-slots.ts'
import { amount, anyObject, flag, isoDate, listOf, text } from '../schema.ts'
import type { Queue, QueueItem } from '../state.ts'
import { BASE, payloadOf, queueAt, queueReply, READ, V3_ONLY, WRITE } from './queue-shared.ts'

const session = { locationId: text(), sessionId: text().optional() }
const content = { modifiedPostPayload: anyObject().optional(), variations: listOf(anyObject()).optional(), primaryImage: text().optional() }
const SaveBody = z.strictObject({ locationId: text(), sessionId: text(), keepInDraft: flag().optional() })

/** Items of the edit session when one is named, else of the queue. */
function itemsOf(queue: Queue, sessionId: string | undefined): QueueItem[] {
  if (sessionId === undefined) return queue.items
  if (queue.edit?.sessionId !== sessionId) throw badSocialRequest('Edit session not found')
  return queue.edit.items
}

function setItems(queue: Queue, sessionId: string | undefined, items: QueueItem[]): void {
  if (sessionId !== undefined && queue.edit) queue.edit.items = items
  else queue.items = items
}

function itemAt(items: readonly QueueItem[], itemId: string | undefined): QueueItem {
  const item = items.find((row) => row._id === itemId)
  if (!item) throw badSocialRequest('Queue item not found')
  return item
}

function shown(context: Highlevel, queue: Queue, { payload, ...item }: QueueItem): Record<string, unknown> {
  const post = rowBy(context.state.posts, '_id', item.postId)
  return {
    ...item,
    queueId: queue._id,
    modifiedPostPayload: payloadOf(queue, { payload }),
    lastScheduledTime: null,
    ...(post ? { post: shownPost(context, post, 'v3', { withUser: false }) } : {}),
  }
}

const lastOrder = (items: readonly QueueItem[]): number => Math.max(0, ...items.map((item) => item.order))
const shared = { exists: V3_ONLY, tokens: LOCATION_TOKENS }

export const queueItemOperations: readonly Operation[] = [
  operation({
    ...shared,
    id: 'fetchQueueItems',
    method: 'POST',
    path: `${BASE}/:queueId/items`,
    scopes: READ,
    body: z.strictObject({
      ...session,
      skip: amount().optional(),
      limit: amount().optional(),
      errorFilter: flag().optional(),
      itemId: text().optional(),
    }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId).filter((row) => body.itemId === undefined || row._id === body.itemId)
      const ordered = items.toSorted((one, other) => one.order - other.order)
      const slots = new Map(slotsOf(context, queue, itemsOf(queue, body.sessionId)).map(({ itemId, ...slot }) => [itemId, slot]))
      return queueReply(201, 'Queue items fetched successfully', {
        items: pageOf(context, ordered, body).map((row) => ({ ...shown(context, queue, row), ...slots.get(row._id) })),
        meta: { count: String(items.length) },
      })
    },
  }),
  operation({
    ...shared,
    id: 'fetchSlots',
    method: 'POST',
    path: `${BASE}/:queueId/slots`,
    scopes: READ,
    body: z.strictObject({ ...session, skip: amount().optional(), limit: amount().optional() }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const slots = slotsOf(context, queue, itemsOf(queue, body.sessionId))
      const { skip = 0, limit = 20 } = body
      return queueReply(201, 'Slots fetched successfully', {
        slots: pageOf(context, slots, { skip, limit }),
        total: slots.length,
        skip,
        limit,
        timezone: timezoneOf(context, body.locationId),
      })
    },
  }),
  operation({
    ...shared,
    id: 'startEditSession',
    method: 'POST',
    path: `${BASE}/:queueId/edit/start`,
    scopes: WRITE,
    body: z.strictObject({ locationId: text() }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const { sessionId, items } = beginEdit(queue)
      return queueReply(201, 'Edit session started successfully', { sessionId, itemCount: items.length })
    },
  }),
  operation({
    ...shared,
    id: 'saveEditSession',
    method: 'POST',
    path: `${BASE}/:queueId/edit/save`,
    scopes: WRITE,
    body: SaveBody,
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const before = new Map(queue.items.map((item) => [item._id, JSON.stringify(item)]))
      const changed =
        items.filter((item) => before.get(item._id) !== JSON.stringify(item)).length +
        queue.items.filter((item) => !items.some((row) => row._id === item._id)).length
      Object.assign(queue, {
        items,
        edit: undefined,
        updatedAt: nowIso(context),
        status: body.keepInDraft === true ? 'draft' : queue.status === 'draft' ? 'active' : queue.status,
      })
      return queueReply(200, 'Edit session saved successfully', {
        updatedSlots: slotsOf(context, queue, items),
        totalPostsChanged: changed,
      })
    },
  }),
  operation({
    ...shared,
    id: 'discardEditSession',
    method: 'POST',
    path: `${BASE}/:queueId/edit/discard`,
    scopes: WRITE,
    body: SaveBody,
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      itemsOf(queue, body.sessionId)
      queue.edit = undefined
      return queueReply(200, 'Edit session discarded successfully')
    },
  }),
  operation({
    ...shared,
    id: 'fetchEditSessionCalendar',
    method: 'POST',
    path: `${BASE}/:queueId/edit/calendar`,
    scopes: READ,
    body: z.strictObject({
      locationId: text(),
      sessionId: text(),
      startDate: isoDate(),
      endDate: isoDate(),
      accountIds: listOf(text()).optional(),
    }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const scheduledPosts = slotsOf(context, queue, items)
        .filter((slot) => slot.scheduledDateTime >= body.startDate && slot.scheduledDateTime <= body.endDate)
        .map((slot) => ({
          scheduledDateTime: slot.scheduledDateTime,
          queueItemId: slot.itemId,
          queueId: queue._id,
          post: payloadOf(queue, itemAt(items, slot.itemId)),
        }))
      return queueReply(201, 'Edit session calendar fetched successfully', { scheduledPosts, total: scheduledPosts.length })
    },
  }),
  operation({
    ...shared,
    id: 'createQueueItem',
    method: 'POST',
    path: `${BASE}/:queueId/create/item`,
    scopes: WRITE,
    body: z.strictObject({ ...session, ...content, order: amount().optional(), directToQueue: flag().optional() }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const item: QueueItem = {
        _id: objectId(),
        order: body.order ?? lastOrder(items) + 1_000,
        postId: '',
        variations: body.variations ?? [],
        primaryImage: body.primaryImage ?? '',
        payload: body.modifiedPostPayload ?? {},
      }
      setItems(queue, body.sessionId, [...items, item])
      return queueReply(201, 'Queue item created successfully', { queueItem: shown(context, queue, item) })
    },
  }),
  operation({
    ...shared,
    id: 'updateQueueItem',
    method: 'PUT',
    path: `${BASE}/:queueId/items/:itemId`,
    scopes: WRITE,
    body: z.strictObject({ ...session, ...content, newOrder: amount().optional() }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const item = itemAt(items, params['itemId'])
      const given = {
        payload: body.modifiedPostPayload,
        variations: body.variations,
        primaryImage: body.primaryImage,
        order: body.newOrder,
      }
      Object.assign(item, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
      return queueReply(200, 'Queue item updated successfully', {
        queueItem: shown(context, queue, item),
        updatedSlots: slotsOf(context, queue, items),
      })
    },
  }),
  operation({
    ...shared,
    id: 'deleteQueueItem',
    method: 'DELETE',
    path: `${BASE}/:queueId/items/:itemId`,
    scopes: WRITE,
    query: z.object(session),
    run: ({ context, params, query }) => {
      const queue = queueAt(context, params['queueId'], query.locationId)
      const items = itemsOf(queue, query.sessionId)
      const item = itemAt(items, params['itemId'])
      const left = items.filter((row) => row !== item)
      setItems(queue, query.sessionId, left)
      return queueReply(200, 'Queue item deleted successfully', { updatedSlots: slotsOf(context, queue, left) })
    },
  }),
  operation({
    ...shared,
    id: 'resetQueueItem',
    method: 'PUT',
    path: `${BASE}/:queueId/items/:itemId/reset`,
    scopes: WRITE,
    body: z.strictObject(session),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const item = itemAt(items, params['itemId'])
      const post = rowBy(context.state.posts, '_id', item.postId)
      if (!post) {
        setItems(
          queue,
          body.sessionId,
          items.filter((row) => row !== item),
        )
        return queueReply(200, 'Dummy queue item deleted successfully')
      }
      Object.assign(item, { variations: [], payload: { summary: post.summary, accountIds: post.accountIds } })
      return queueReply(200, 'Queue item reset successfully', { queueItem: shown(context, queue, item) })
    },
  }),
  operation({
    ...shared,
    id: 'cloneQueueItem',
    method: 'POST',
    path: `${BASE}/:queueId/items/:itemId/clone`,
    scopes: WRITE,
    body: z.strictObject({ locationId: text(), sessionId: text(), order: amount() }),
    run: ({ context, params, body }) => {
      const queue = queueAt(context, params['queueId'], body.locationId)
      const items = itemsOf(queue, body.sessionId)
      const item = { ...structuredClone(itemAt(items, params['itemId'])), _id: objectId(), order: body.order }
      setItems(queue, body.sessionId, [...items, item])
      return queueReply(201, 'Queue item cloned successfully', { queueItem: shown(context, queue, item) })
    },
  }),
]
