import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HIGHLEVEL_SAMPLE } from './credentials.ts'
import { dentist, plumber, rows, startWorld, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
const reset = async (isStrict: boolean) => {
  await world.control('POST', '/reset', { seed: 'sample' })
  await world.set({ strict: isStrict })
}
const listed = async (): Promise<Record<string, unknown>[]> => rows((await world.social('GET', '/tags?limit=100')).at('results', 'tags'))

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(() => reset(isStrict))

  test('planner tags page by strings, count is the total, searchText narrows', async () => {
    const page = await world.social('GET', '/tags?skip=10&limit=3')
    expect(page.body).toMatchObject({ success: true, statusCode: 200, message: 'Fetched Tags by Location ID', results: { count: 14 } })
    expect(rows(page.at('results', 'tags'))).toHaveLength(3)
    expect((await world.social('GET', '/tags?searchText=boiler')).at('results', 'count')).toBe(1)
    expect((await world.social('GET', '/tags?limit=ten')).status).toBe(422)
  })

  test('a created tag has createdAt and updatedAt, is the newest and shifts the pages of a scan', async () => {
    const before = await listed()
    const tag = await world.act('create-tag', { locationId: plumber.id, tag: 'winter-offer' })
    expect(tag).toMatchObject({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      tag: 'winter-offer',
      deleted: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    const after = await listed()
    expect(after[0]).toEqual(tag)
    expect(after[1]).toEqual(before[0])
  })

  test('tags/details only reads by ids, answers 201, and leaves out ids of other locations', async () => {
    const [tag] = await listed()
    const [foreign] = rows(
      (await world.call('GET', `/social-media-posting/${dentist.id}/tags`, { token: dentist.pit })).at('results', 'tags'),
    )
    const answer = await world.social('POST', '/tags/details', { body: { tagIds: [tag?.['_id'], foreign?.['_id'], 'unknown'] } })
    expect([answer.status, answer.at('results')]).toEqual([201, { tags: [tag], count: 1 }])
    expect((await world.social('POST', '/tags/details', { body: { tagIds: 'x' } })).status).toBe(422)
  })

  test('no API call creates, renames or deletes a planner tag or category', async () => {
    const before = [await listed(), (await world.social('GET', '/categories')).at('results')]
    const [tag] = await listed()
    for (const [method, path] of [
      ['POST', '/tags'],
      ['PUT', `/tags/${String(tag?.['_id'])}`],
      ['DELETE', `/tags/${String(tag?.['_id'])}`],
      ['POST', '/categories'],
    ] as const) {
      const answer = await world.social(method, path, { body: { tag: 'x', name: 'x' } })
      const isPhantom = !isStrict && method === 'POST' && path === '/tags'
      expect([path, answer.status]).toEqual([path, isPhantom ? 201 : 404])
    }
    expect([await listed(), (await world.social('GET', '/categories')).at('results')]).toEqual(before)
  })

  test('categories page by strings; one is read by id and an unknown one says so inside a 200', async () => {
    const list = await world.social('GET', '/categories?limit=2')
    expect(list.at('results', 'count')).toBe(4)
    const [category] = rows(list.at('results', 'categories'))
    expect((await world.social('GET', `/categories/${String(category?.['_id'])}`)).at('results', 'category')).toEqual(category)
    const created = await world.act('create-category', { locationId: plumber.id, name: 'Weather' })
    expect(created).toMatchObject({ name: 'Weather', deleted: false })
    const unknown = await world.social('GET', '/categories/000000000000000000000000')
    expect([unknown.status, unknown.at('results', 'category', 'message')]).toEqual([200, 'Category not found'])
  })

  test('accounts come whole with groups, and deleting one answers its location and id', async () => {
    const answer = await world.social('GET', '/accounts')
    const accounts = rows(answer.at('results', 'accounts'))
    expect(accounts.map((row) => row['platform'])).toEqual(['facebook', 'instagram', 'google', 'linkedin'])
    expect(Object.keys(accounts[0] ?? {}).toSorted()).toEqual([
      'expire',
      'id',
      'isExpired',
      'meta',
      'name',
      'oauthId',
      'platform',
      'profileId',
      'type',
    ])
    expect(rows(answer.at('results', 'groups'))[0]).toMatchObject({
      name: 'Everywhere',
      accountIds: accounts.slice(0, 3).map((row) => row['id']),
    })
    const id = String(accounts[0]?.['id'])
    const deleted = await world.social('DELETE', `/accounts/${id}?userId=u`)
    expect([deleted.status, deleted.at('results')]).toEqual([200, { locationId: plumber.id, id }])
    expect(rows((await world.social('GET', '/accounts')).at('results', 'accounts'))).toHaveLength(3)
    const again = await world.social('DELETE', `/accounts/${id}`)
    expect(again.body).toMatchObject({
      status: 400,
      options: {},
      name: 'BadRequestException',
      error: 'Bad Request',
      statusCode: 400,
      traceId: expect.any(String),
    })
  })

  test('an expired login shows on the account', async () => {
    const [account] = rows((await world.social('GET', '/accounts')).at('results', 'accounts'))
    await world.act('expire-account', { accountId: account?.['id'] })
    expect((await world.social('GET', '/accounts')).at('results', 'accounts', 0, 'isExpired')).toBe(true)
  })

  test('connecting an account: start opens a session, list offers, attach makes an account', async () => {
    const start = await world.call('GET', `/social-media-posting/oauth/facebook/start?locationId=${plumber.id}&userId=u`)
    expect([start.status, start.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const accountId = /"accountId":"(\w+)"/.exec(start.text)?.[1] ?? ''
    const path = `/social-media-posting/oauth/${plumber.id}/facebook/accounts/${accountId}`
    const [page] = rows((await world.call('GET', path)).at('results', 'pages'))
    expect(page).toMatchObject({ isConnected: false, type: 'page' })
    const attached = await world.call('POST', path, {
      body: { type: 'page', originId: page?.['id'], name: 'Our page', avatar: '', companyId: HIGHLEVEL_SAMPLE.companyId },
    })
    expect([attached.status, attached.at('results', 'active'), attached.at('results', 'name')]).toEqual([201, true, 'Our page'])
    expect((await world.call('GET', path)).at('results', 'pages', 0, 'isConnected')).toBe(true)
    expect(rows((await world.social('GET', '/accounts')).at('results', 'accounts'))).toHaveLength(5)
  })

  test('youtube connects in v3 only and twitter is dead', async () => {
    const start = (platform: string, version: string) =>
      world.call('GET', `/social-media-posting/oauth/${platform}/start?locationId=${plumber.id}&userId=u`, { version })
    expect((await start('youtube', 'v3')).status).toBe(200)
    expect((await start('youtube', '2021-07-28')).status).toBe(isStrict ? 401 : 404)
    expect((await start('twitter', '2021-07-28')).status).toBe(400)
    expect((await start('bluesky', 'v3')).status).toBe(400)
  })
})

describe('what renaming and deleting a tag shows is a setting, because it is assumed', () => {
  beforeEach(() => reset(false))

  test('renaming moves updatedAt, or not', async () => {
    const [tag] = await listed()
    await world.advance(60_000)
    await world.act('rename-tag', { tagId: tag?.['_id'], tag: 'renamed' })
    const [moved] = await listed()
    expect(moved).toMatchObject({ _id: tag?.['_id'], tag: 'renamed', createdAt: tag?.['createdAt'] })
    expect(moved?.['updatedAt']).not.toBe(tag?.['updatedAt'])
    await world.set({ renameMovesUpdatedAt: false })
    await world.act('rename-tag', { tagId: tag?.['_id'], tag: 'again' })
    expect((await listed())[0]).toMatchObject({ tag: 'again', updatedAt: moved?.['updatedAt'] })
  })

  test('a deleted tag stays listed with deleted: true, or is gone', async () => {
    const [first, second] = await listed()
    await world.act('delete-tag', { tagId: first?.['_id'] })
    expect((await listed())[0]).toMatchObject({ _id: first?.['_id'], deleted: true })
    await world.set({ deletedTagsStayListed: false })
    await world.act('delete-tag', { tagId: second?.['_id'] })
    const ids = (await listed()).map((row) => row['_id'])
    expect(ids).not.toContain(first?.['_id'])
    expect(ids).not.toContain(second?.['_id'])
  })
})

test('seed-bulk adds locations with tokens that work at once', async () => {
  await reset(false)
  const added = rows(await world.act('seed-bulk', { locations: 20, tagsPerLocation: 50 }))
  expect(added).toHaveLength(20)
  const { locationId, pit } = added[19] ?? {}
  const answer = await world.call('GET', `/social-media-posting/${String(locationId)}/tags?limit=100`, { token: String(pit) })
  expect([answer.status, answer.at('results', 'count')]).toEqual([200, 50])
})
