import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inDays, plumber, rows, startWorld, until, WIDE, type World } from './test-world.ts'

let world: World
let accountIds: string[] = []
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
const reset = async (isStrict: boolean) => {
  await world.control('POST', '/reset', { seed: 'sample' })
  await world.set({ strict: isStrict })
  accountIds = rows((await world.social('GET', '/accounts')).at('results', 'accounts')).map((row) => String(row['id']))
}

const draft = (more: Record<string, unknown> = {}) => ({
  accountIds: accountIds.slice(0, 1),
  type: 'post',
  userId: 'u1',
  status: 'draft',
  summary: 'Hello',
  media: [],
  ...more,
})
const create = (body: unknown, version?: string) => world.social('POST', '/posts', { body, ...(version === undefined ? {} : { version }) })
const createdId = async (body: unknown): Promise<string> => String((await create(body)).at('results', 'post', '_id'))
const read = async (id: string, version = '2021-07-28') =>
  (await world.social('GET', `/posts/${id}`, { version })).at('results', 'post') as Record<string, unknown>
const list = (body: Record<string, unknown> = {}) => world.social('POST', '/posts/list', { body: { ...WIDE, ...body } })

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(() => reset(isStrict))

  test('listing is a POST that answers 201 with posts and the total', async () => {
    const answer = await list({ limit: '5', includeUsers: 'true' })
    expect(answer.body).toMatchObject({ success: true, statusCode: 201, message: 'Fetched Posts' })
    const posts = rows(answer.at('results', 'posts'))
    expect(posts).toHaveLength(5)
    expect(Number(answer.at('results', 'count'))).toBeGreaterThan(50)
    expect(posts[0]).toMatchObject({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      locationId: plumber.id,
      user: { firstName: 'Ellie' },
      tags: expect.any(Array),
      accountIds: expect.any(Array),
    })
  })

  test('listing filters by type, account and window', async () => {
    const published = rows((await list({ type: 'published' })).at('results', 'posts'))
    expect(published.length).toBeGreaterThan(20)
    expect(new Set(published.map((row) => row['status']))).toEqual(new Set(['published']))
    const [account] = accountIds
    const ofAccount = rows((await list({ accounts: account })).at('results', 'posts'))
    expect(ofAccount.length).toBeGreaterThan(0)
    expect(ofAccount.every((row) => (row['accountIds'] as string[]).includes(account ?? ''))).toBe(true)
    const future = rows((await list({ fromDate: inDays(0), type: 'scheduled' })).at('results', 'posts'))
    expect(future.length).toBeGreaterThan(2)
    expect(future.every((row) => String(row['displayDate']) > inDays(0))).toBe(true)
    expect((await list({ fromDate: inDays(-9_000), toDate: inDays(-8_000) })).at('results', 'count')).toBe(0)
  })

  test('numbers where number strings belong answer 422 with a list of messages', async () => {
    const answer = await world.social('POST', '/posts/list', { body: { ...WIDE, skip: 0 } })
    expect(answer.body).toMatchObject({
      statusCode: 422,
      error: 'Unprocessable Entity',
      message: [isStrict ? expect.any(String) : 'skip must be a number string'],
    })
  })

  test('an unknown property answers 422 only where reports count', async () => {
    const answer = await list({ locationId: plumber.id })
    if (isStrict) expect(answer.status).toBe(201)
    else expect([answer.status, answer.at('message')]).toEqual([422, ['property locationId should not exist']])
  })

  test('creating a draft answers 201 with the post, and creating it again makes a second one', async () => {
    const before = Number((await list({ type: 'draft' })).at('results', 'count'))
    const first = await create(draft())
    expect([first.status, first.at('message'), first.at('results', 'post', 'status')]).toEqual([201, 'Created Post', 'draft'])
    expect((await create(draft())).at('results', 'post', '_id')).not.toBe(first.at('results', 'post', '_id'))
    expect((await list({ type: 'draft' })).at('results', 'count')).toBe(before + 2)
  })

  test('a post created without status goes out at once, or in strict mode is refused naming the rule', async () => {
    const { status: _, ...body } = draft({ scheduleDate: inDays(5) })
    const answer = await create(body)
    if (isStrict) {
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('publishWithoutStatus')
    } else
      expect(answer.at('results', 'post')).toMatchObject({
        status: 'published',
        publishedAt: expect.any(String),
        postId: expect.any(String),
      })
  })

  test('required fields missing answer 422, an account of elsewhere 400 in the long shape', async () => {
    const missing = await create({ status: 'draft', type: 'post' })
    expect(missing.status).toBe(422)
    expect(rows(missing.at('message'))).toHaveLength(2)
    if (!isStrict) expect(missing.at('message')).toContain('userId must be a string')
    expect((await create(draft({ accountIds: ['elsewhere'] }))).at('name')).toBe('BadRequestException')
  })

  test('editing in v2 needs only type, in v3 accountIds, type and userId', async () => {
    const id = await createdId(draft())
    expect((await world.social('PUT', `/posts/${id}`, { body: { type: 'post', status: 'draft' } })).body).toMatchObject({
      success: true,
      statusCode: 200,
      message: 'Updated Post',
    })
    expect((await world.social('PUT', `/posts/${id}`, { body: { type: 'post', status: 'draft' }, version: 'v3' })).status).toBe(422)
    expect((await world.social('PUT', `/posts/${id}`, { body: draft(), version: 'v3' })).status).toBe(200)
  })

  test('editing replaces the whole post', async () => {
    const id = await createdId(draft({ tags: ['000000000000000000000001'], summary: 'Old' }))
    await world.social('PUT', `/posts/${id}`, { body: { type: 'post', status: 'draft', summary: 'New' } })
    expect(await read(id)).toMatchObject({ summary: 'New', tags: [], accountIds: [] })
  })

  test('a scheduled post edited without status falls back to draft, or in strict mode is refused naming the rule', async () => {
    const id = await createdId(draft({ status: 'scheduled', scheduleDate: inDays(2) }))
    const { status: _, ...body } = draft({ scheduleDate: inDays(3) })
    const answer = await world.social('PUT', `/posts/${id}`, { body })
    expect(answer.status).toBe(isStrict ? 422 : 200)
    expect((await read(id))['status']).toBe(isStrict ? 'scheduled' : 'draft')
  })

  test('a published post refuses edits', async () => {
    const [post] = rows((await list({ type: 'published' })).at('results', 'posts'))
    const answer = await world.social('PUT', `/posts/${String(post?.['_id'])}`, { body: draft() })
    expect(answer.status).toBe(isStrict ? 422 : 400)
  })

  test("deleting removes the record only: the network's post id stays", async () => {
    const [post] = rows((await list({ type: 'published' })).at('results', 'posts'))
    const id = String(post?.['_id'])
    const answer = await world.social('DELETE', `/posts/${id}`)
    expect([answer.status, answer.at('results')]).toEqual([200, { postId: id }])
    expect(await read(id)).toMatchObject({ status: 'deleted', postId: post?.['postId'] })
    const all = rows((await list({ limit: '100' })).at('results', 'posts')).map((row) => row['_id'])
    expect(all.includes(id)).toBe(!isStrict)
    expect(rows((await list({ type: 'deleted' })).at('results', 'posts')).map((row) => row['_id'])).toContain(id)
  })

  test('bulk delete answers 201 with the number, 50 at most, 404 for none', async () => {
    const ids = [await createdId(draft()), await createdId(draft())]
    const answer = await world.social('POST', '/posts/bulk-delete', { body: { postIds: ids } })
    expect([answer.status, answer.at('results', 'deletedCount')]).toEqual([201, 2])
    expect((await world.social('POST', '/posts/bulk-delete', { body: { postIds: ids } })).status).toBe(404)
    expect((await world.social('POST', '/posts/bulk-delete', { body: { postIds: Array.from({ length: 51 }, () => 'x') } })).status).toBe(
      400,
    )
  })

  test('a due post goes through in_progress to published by the clock', async () => {
    const id = await createdId(draft({ status: 'scheduled', scheduleDate: inDays(1) }))
    await world.set({ publishDelayMs: 3_600_000 })
    await world.advance(86_400_000 + 60_000)
    await until(async () => (await read(id))['status'] === 'in_progress')
    await world.advance(3_600_000)
    await until(async () => (await read(id))['status'] === 'published')
    expect(await read(id)).toMatchObject({ publishedAt: expect.any(String), postId: expect.any(String) })
  })

  test('a due post of expired accounts fails with the reason in error, and a post can be failed or published by hand', async () => {
    const id = await createdId(draft({ status: 'scheduled', scheduleDate: inDays(1) }))
    await world.act('expire-account', { accountId: accountIds[0] })
    await world.advance(86_400_000 + 60_000)
    await until(async () => (await read(id))['status'] === 'failed')
    expect((await read(id))['error']).toBe('Failed due to auth token')
    await world.act('fail-post', { postId: id, error: 'Too long' })
    expect(await read(id)).toMatchObject({ status: 'failed', error: 'Too long' })
    await world.act('publish-post', { postId: id })
    expect(await read(id)).toMatchObject({ status: 'published', error: '' })
  })

  test('insights are absent at first and come later, in v3 only', async () => {
    const id = await createdId(draft())
    await world.act('publish-post', { postId: id })
    expect(await read(id, 'v3')).not.toHaveProperty('insights')
    await world.advance(86_400_000)
    expect((await read(id, 'v3'))['insights']).toEqual({ like: expect.any(Number), share: expect.any(Number), comment: expect.any(Number) })
    expect(await read(id)).not.toHaveProperty('insights')
  })

  test('a lost answer after the write leaves a post behind: nothing is idempotent', async () => {
    const before = Number((await list({ type: 'draft' })).at('results', 'count'))
    await world.fault({ kind: 'status-after', status: 502, method: 'POST', times: 1, body: '<html>Bad gateway</html>' })
    expect((await create(draft())).status).toBe(502)
    expect((await list({ type: 'draft' })).at('results', 'count')).toBe(before + 1)
  })
})

describe('reported behaviour, normal mode only', () => {
  beforeEach(() => reset(false))

  test('scheduleDate must be in the future and UTC, drafts are not checked', async () => {
    const past = await create(draft({ status: 'scheduled', scheduleDate: inDays(-1) }))
    expect([past.status, past.at('message')]).toEqual([422, ['scheduleDate must be after current date']])
    expect((await create(draft({ status: 'scheduled', scheduleDate: '2039-01-01T10:00:00+01:00' }))).status).toBe(422)
    expect((await create(draft({ scheduleDate: inDays(-1) }))).status).toBe(201)
  })

  test('media of a scheduled post needs a MIME type; reading shortens it to image or video with a thumbnail', async () => {
    const timed = { status: 'scheduled', scheduleDate: inDays(1) }
    const bad = await create(draft({ ...timed, media: [{ url: 'https://a.example/b.png', type: 'image' }] }))
    expect([bad.status, bad.at('message')]).toEqual([422, ['media.0.Invalid media format type']])
    const id = await createdId(draft({ ...timed, media: [{ url: 'https://a.example/b.png', type: 'image/png' }] }))
    expect((await read(id))['media']).toEqual([{ url: 'https://a.example/b.png', type: 'image', thumbnail: 'https://a.example/b.png' }])
    expect((await read(id, 'v3'))['media']).toEqual([{ url: 'https://a.example/b.png', type: 'image/png' }])
    await world.set({ mimeTypes: 'image/jpeg only' })
    expect((await create(draft({ ...timed, media: [{ url: 'https://a.example/b.png', type: 'image/png' }] }))).status).toBe(422)
  })

  test('platform says google whatever the account is, unless switched off', async () => {
    const id = await createdId(draft())
    expect((await read(id))['platform']).toBe('google')
    await world.set({ unreliablePlatform: false })
    expect((await read(id))['platform']).toBe('facebook')
  })

  test('a post to several accounts has sub-posts, editing gives them new ids', async () => {
    const id = await createdId(draft({ accountIds: accountIds.slice(0, 2) }))
    const subsOf = () =>
      world
        .state()
        .posts.find((row) => row['_id'] === id)
        ?.subPosts.map((row) => row['_id']) ?? []
    const [sub] = subsOf()
    expect(await read(sub ?? '')).toMatchObject({ parentPostId: id, accountIds: [accountIds[0]] })
    await world.social('PUT', `/posts/${id}`, { body: draft({ accountIds: accountIds.slice(0, 2) }) })
    expect(subsOf()).not.toContain(sub)
    await world.set({ subPostsListed: true })
    const listed = rows((await list({ type: 'draft' })).at('results', 'posts')).filter(
      (row) => row['_id'] === id || row['parentPostId'] === id,
    )
    expect(listed).toHaveLength(3)
  })

  test('listing in_progress answers 400 about the 12 bytes', async () => {
    const answer = await list({ type: 'in_progress' })
    expect(answer.status).toBe(400)
    expect(answer.at('message')).toContain('12 bytes')
  })

  test('create-post can answer without results', async () => {
    await world.set({ createWithoutResultsPercent: 100 })
    const answer = await create(draft())
    expect(answer.status).toBe(201)
    expect(answer.body).not.toHaveProperty('results')
  })

  test('v3 wants ObjectIds in tags and a date for scheduled posts', async () => {
    expect((await create(draft({ tags: ['spring'] }), 'v3')).status).toBe(422)
    expect((await create(draft({ tags: ['spring'] }))).status).toBe(201)
    expect((await create(draft({ status: 'scheduled' }), 'v3')).at('message')).toContain('scheduleDate should not be empty')
  })

  test('bulk delete asks for both scopes unless the setting says otherwise', async () => {
    await world.act('set-scopes', { token: plumber.pit, scopes: ['socialplanner/post.write'] })
    const bulk = () => world.social('POST', '/posts/bulk-delete', { body: { postIds: ['x'] } })
    expect((await bulk()).status).toBe(401)
    await world.set({ bulkDeleteScope: 'post.write' })
    expect((await bulk()).status).toBe(404)
  })

  test('with whitelisting and number strings switched off, both pass', async () => {
    await world.set({ whitelist422: false, numberString422: false })
    const answer = await list({ skip: 0, limit: 2, locationId: plumber.id })
    expect([answer.status, rows(answer.at('results', 'posts')).length]).toEqual([201, 2])
  })
})
