import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plumber, rows, startWorld, type World } from './test-world.ts'

const BASE = '/social-media-posting/category/queues'
let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
const v3 = (method: string, path: string, body?: Record<string, unknown>) =>
  world.call(method, path, { version: 'v3', ...(body === undefined ? {} : { body: { locationId: plumber.id, ...body } }) })
const here = `?locationId=${plumber.id}`

async function newQueue(): Promise<string> {
  const [category] = rows((await v3('GET', `${BASE}/available-categories${here}`)).at('results', 'categories'))
  const created = await v3('POST', BASE, {
    categoryId: category?.['_id'],
    timeSlots: [
      { dayOfWeek: 1, time: '09:00' },
      { dayOfWeek: 4, time: '17:30' },
    ],
    userId: 'u1',
  })
  expect([created.status, created.at('results', 'queue', 'status')]).toEqual([201, 'draft'])
  return String(created.at('results', 'queue', '_id'))
}

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict })
  })

  test('a queue starts as draft with the published posts of its category, and shows in both lists', async () => {
    const id = await newQueue()
    const queue = await v3('GET', `${BASE}/${id}${here}`)
    expect(queue.body).toMatchObject({
      success: true,
      statusCode: 200,
      traceId: expect.any(String),
      results: { queue: { _id: id, category: { name: 'Advice' } } },
    })
    expect(rows((await v3('POST', `${BASE}/list`, { skip: 0, limit: 10 })).at('results', 'queues'))).toHaveLength(1)
    const [category] = rows((await v3('GET', `${BASE}/available-categories${here}`)).at('results', 'categories'))
    expect(category).toMatchObject({ status: 'draft', queueDetails: { queueId: id } })
    expect(Number(category?.['publishedPostsCount'])).toBe(queue.at('results', 'queue', 'totalPosts'))
  })

  test('slots fall on the days and times of the queue, one item each', async () => {
    const id = await newQueue()
    const answer = await v3('POST', `${BASE}/${id}/slots`, {})
    expect([answer.status, answer.at('results', 'timezone')]).toEqual([201, 'Europe/London'])
    const slots = rows(answer.at('results', 'slots'))
    expect(slots.length).toBeGreaterThan(2)
    expect(slots.every((slot) => [1, 4].includes(new Date(String(slot['scheduledDateTime'])).getUTCDay()))).toBe(true)
  })

  test('an edit session changes nothing until saved (200), and discarding (200) forgets it', async () => {
    const id = await newQueue()
    const items = async (sessionId?: string) =>
      rows(
        (await v3('POST', `${BASE}/${id}/items`, { limit: 100, ...(sessionId === undefined ? {} : { sessionId }) })).at('results', 'items'),
      )
    const start = await v3('POST', `${BASE}/${id}/edit/start`, {})
    const sessionId = String(start.at('results', 'sessionId'))
    const [first] = await items()
    const path = `${BASE}/${id}/items/${String(first?.['_id'])}`
    expect((await v3('PUT', path, { sessionId, modifiedPostPayload: { summary: 'Changed' } })).status).toBe(200)
    expect((await v3('POST', `${path}/clone`, { sessionId, order: 1_500 })).status).toBe(201)
    expect((await items()).length).toBe(start.at('results', 'itemCount'))
    const saved = await v3('POST', `${BASE}/${id}/edit/save`, { sessionId })
    expect([saved.status, saved.at('results', 'totalPostsChanged')]).toEqual([200, 2])
    expect((await items()).map((item) => item['order']).slice(0, 2)).toEqual([1_000, 1_500])
    const again = String((await v3('POST', `${BASE}/${id}/edit/start`, {})).at('results', 'sessionId'))
    expect((await world.call('DELETE', `${path}${here}&sessionId=${again}`, { version: 'v3' })).status).toBe(200)
    expect((await v3('POST', `${BASE}/${id}/edit/discard`, { sessionId: again })).status).toBe(200)
    expect((await items()).some((item) => item['_id'] === first?.['_id'])).toBe(true)
    expect((await v3('POST', `${BASE}/${id}/edit/save`, { sessionId: again })).status).toBe(400)
    expect((await v3('PUT', `${path}/reset`, {})).at('results', 'queueItem', 'modifiedPostPayload', 'summary')).not.toBe('Changed')
  })

  test('an item can be added directly, a queue activated, shown in the calendar and deleted', async () => {
    const id = await newQueue()
    const added = await v3('POST', `${BASE}/${id}/create/item`, { modifiedPostPayload: { summary: 'Extra' }, directToQueue: true })
    expect([added.status, added.at('results', 'queueItem', 'modifiedPostPayload')]).toEqual([
      201,
      expect.objectContaining({ summary: 'Extra', type: 'post' }),
    ])
    expect((await v3('PUT', `${BASE}/${id}`, { status: 'active' })).at('results', 'message')).toBe('Queue active successfully.')
    const window = { startDate: '2020-01-01T00:00:00.000Z', endDate: '2040-01-01T00:00:00.000Z' }
    expect(Number((await v3('POST', `${BASE}/list/calendar`, window)).at('results', 'total'))).toBeGreaterThan(1)
    const postId = world.state().queues[0]?.items[0]?.postId ?? ''
    expect((await v3('DELETE', `${BASE}/${postId}/active-post${here}`)).status).toBe(200)
    await v3('PUT', `${BASE}/${id}`, { status: 'deleted' })
    expect((await v3('GET', `${BASE}/${id}${here}`)).status).toBe(400)
  })

  test('comments are listed by origin, answered and liked; Instagram takes no likes', async () => {
    const originId = world.state().comments.find((row) => row.locationId === plumber.id)?.originId
    const base = '/social-media-posting/comments'
    const ask = (method: string, path: string, body?: unknown) =>
      world.call(method, `${base}${path}${here}`, { version: 'v3', ...(body === undefined ? {} : { body }) })
    const list = await ask('POST', '/facebook/list', { originIds: [originId], limit: 3 })
    expect([list.status, list.at('results', 'meta')]).toEqual([201, { total: 8, totalUnread: 4, skip: 0, limit: 3, hasMore: true }])
    const [comment] = rows(list.at('results', 'comments'))
    const id = String(comment?.['_id'])
    const reply = await ask('POST', '/facebook', { parentId: id, isParentThread: true, content: 'Thank you!' })
    expect(reply.status).toBe(201)
    expect((await ask('POST', '/threads', { parentId: id, isParentThread: true, content: 'x'.repeat(501) })).status).toBe(422)
    expect((await ask('POST', `/facebook/${id}/like`)).status).toBe(201)
    const liked = rows((await ask('POST', '/facebook/list', { originIds: [originId], limit: 100 })).at('results', 'comments')).find(
      (row) => row['_id'] === id,
    )
    expect(liked).toMatchObject({ likeCount: Number(comment?.['likeCount']) + 1, replyCount: 1 })
    expect((await ask('DELETE', `/facebook/${id}/like`)).status).toBe(200)
    expect((await ask('POST', `/instagram/${id}/like`)).status).toBe(400)
  })

  test('v2 has neither queues nor comments', async () => {
    for (const path of [`${BASE}/list`, '/social-media-posting/comments/facebook/list']) {
      expect((await world.call('POST', path, { body: {} })).status).toBe(isStrict ? 401 : 404)
    }
  })
})
