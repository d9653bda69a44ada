import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HIGHLEVEL_SAMPLE } from './credentials.ts'
import { dentist, plumber, rows, startReceiver, startWorld, until, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const csvOf = (text: string, name = 'plan.csv') => {
  const form = new FormData()
  form.set('file', new File([text], name, { type: 'text/csv' }))
  return form
}
const PLAN =
  'postAtSpecificTime (YYYY-MM-DD HH:mm:ss),content,imageUrls\n2038-01-05 09:00:00,"Hello, ""world""",https://a.example/b.jpg\n2038-01-06 09:00:00,Second,\n'

describe.each([false, true])('strict: %s', (isStrict) => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict, csvStepMs: 0 })
  })

  test('a CSV goes upload, set-accounts, poll, finalize, and becomes scheduled posts', async () => {
    const uploaded = await world.social('POST', '/csv', { body: csvOf(PLAN) })
    expect([uploaded.status, uploaded.at('results')]).toEqual([201, { filePath: expect.any(String), rowsCount: 2, fileName: 'plan.csv' }])
    const [account] = rows((await world.social('GET', '/accounts')).at('results', 'accounts'))
    const chosen = {
      accountIds: [account?.['id']],
      filePath: uploaded.at('results', 'filePath'),
      rowsCount: 2,
      fileName: 'plan.csv',
      userId: 'u1',
    }
    const set = await world.social('POST', '/set-accounts', { body: chosen })
    expect(set.status).toBe(201)
    expect(set.body).not.toHaveProperty('results')
    const id = String(rows((await world.social('GET', '/csv')).at('results', 'csvs'))[0]?.['_id'])
    await until(async () => (await world.social('GET', `/csv/${id}`)).at('results', 'csv', 'status') === 'pending')
    expect((await world.social('GET', `/csv/${id}?limit=1`)).at('results')).toMatchObject({
      count: 2,
      posts: [{ summary: 'Hello, "world"', scheduleDate: '2038-01-05T09:00:00.000Z' }],
    })
    expect((await world.social('PATCH', `/csv/${id}`, { body: { userId: 'u1' } })).body).toMatchObject({
      statusCode: 200,
      message: 'Updated Successfully',
    })
    await until(async () => (await world.social('GET', `/csv/${id}`)).at('results', 'csv', 'status') === 'completed')
    const made = world.state().posts.filter((row) => row.source === 'csv')
    expect(made.map((row) => [row.status, row.summary])).toEqual([
      ['scheduled', 'Hello, "world"'],
      ['scheduled', 'Second'],
    ])
  })

  test('a row and a whole import can be deleted', async () => {
    const [row] = rows((await world.social('GET', '/csv')).at('results', 'csvs'))
    const id = String(row?.['_id'])
    const postId = String(rows((await world.social('GET', `/csv/${id}`)).at('results', 'posts'))[0]?.['_id'])
    expect((await world.social('DELETE', `/csv/${id}/post/${postId}`)).at('results', 'postId')).toBe(postId)
    expect((await world.social('GET', `/csv/${id}`)).at('results', 'count')).toBe(2)
    expect((await world.social('DELETE', `/csv/${id}`)).at('results', 'csv', 'status')).toBe('deleted')
    expect((await world.social('GET', '/csv')).at('results', 'count')).toBe(0)
  })

  test('v3 names the import id, wants userId, and answers coded 400s for broken files', async () => {
    const v3 = 'v3'
    expect((await world.social('GET', '/csv', { version: v3 })).status).toBe(422)
    expect((await world.social('GET', '/csv?userId=u1', { version: v3 })).at('results', 'csvs', 0)).toHaveProperty('id')
    const uploaded = await world.social('POST', '/csv', { body: csvOf(PLAN), version: v3 })
    expect(uploaded.at('results')).toMatchObject({ fileSize: PLAN.length, csvFileType: 'basic' })
    const set = await world.social('POST', '/set-accounts', {
      version: v3,
      body: { accountIds: [], filePath: uploaded.at('results', 'filePath'), rowsCount: 2, fileName: 'p', userId: 'u' },
    })
    expect(set.at('results', 'csvId')).toEqual(expect.any(String))
    const codes = [
      csvOf(''),
      csvOf('a,b\n1,2'),
      csvOf(PLAN, 'plan.txt'),
      csvOf('postAtSpecificTime,content\n'),
      csvOf('postAtSpecificTime,content\nnever,'),
    ]
    const answers = await Promise.all(codes.map((body) => world.social('POST', '/csv', { version: v3, body })))
    expect(answers.map((answer) => [answer.status, answer.at('code')])).toEqual(
      ['CSV_EMPTY_FILE', 'CSV_MISSING_HEADERS', 'CSV_UNSUPPORTED_EXTENSION', 'CSV_MISSING_REQUIRED_ROWS', 'CSV_NO_VALID_POST'].map(
        (code) => [400, code],
      ),
    )
  })

  test('a location is read flat with its company and time zone', async () => {
    const answer = await world.call('GET', `/locations/${plumber.id}`)
    expect(answer.body).toMatchObject({
      location: { id: plumber.id, companyId: HIGHLEVEL_SAMPLE.companyId, name: 'Hartley & Sons Plumbing', timezone: 'Europe/London' },
    })
    expect(rows((await world.call('GET', '/locations/search')).at('locations')).map((row) => row['id'])).toEqual([plumber.id])
  })

  test('location tags are created, read, renamed and deleted, all with 200', async () => {
    const path = `/locations/${plumber.id}/tags`
    const created = await world.call('POST', path, { body: { name: 'vip' } })
    const id = String(created.at('tag', 'id'))
    expect([created.status, created.at('tag')]).toEqual([200, { id, name: 'vip', locationId: plumber.id }])
    expect((await world.call('POST', path, { body: { name: 'VIP' } })).status).toBe(422)
    expect((await world.call('PUT', `${path}/${id}`, { body: { name: 'very important' } })).at('tag', 'name')).toBe('very important')
    expect((await world.call('GET', `${path}/${id}`)).at('tag', 'name')).toBe('very important')
    expect(rows((await world.call('GET', path)).at('tags')).length).toBe(5)
    expect((await world.call('DELETE', `${path}/${id}`)).body).toMatchObject({ succeded: true })
    expect((await world.call('GET', `${path}/${id}`)).status).toBe(400)
  })

  test('users are searched by company, and the old list is gone in v3', async () => {
    const search = await world.call('GET', `/users/search?companyId=${HIGHLEVEL_SAMPLE.companyId}&query=ellie`)
    expect(rows(search.at('users')).map((row) => row['name'])).toEqual(['Ellie Hartley'])
    expect((await world.call('GET', '/users/search')).status).toBe(422)
    expect(rows((await world.call('GET', `/users/?locationId=${plumber.id}`)).at('users'))).toHaveLength(3)
    expect((await world.call('GET', `/users/?locationId=${plumber.id}`, { version: 'v3' })).status).toBe(isStrict ? 401 : 400)
  })

  test('an uploaded file is listed and served back, hosted files too', async () => {
    const form = new FormData()
    form.set('file', new File(['%PDF-1.7 hello'], 'report.pdf', { type: 'application/pdf' }))
    const uploaded = await world.call('POST', '/medias/upload-file', { body: form })
    expect([uploaded.status, Object.keys(uploaded.body as object).toSorted()]).toEqual([200, ['fileId', 'traceId', 'url']])
    const served = await fetch(String(uploaded.at('url')))
    expect([served.headers.get('content-type'), await served.text()]).toEqual(['application/pdf', '%PDF-1.7 hello'])
    const hosted = new FormData()
    hosted.set('hosted', 'true')
    hosted.set('fileUrl', String(uploaded.at('url')))
    hosted.set('name', 'copy.pdf')
    const copy = await world.call('POST', '/medias/upload-file', { body: hosted })
    expect(await (await fetch(String(copy.at('url')))).text()).toBe('%PDF-1.7 hello')
    const list = `/medias/files?altType=location&altId=${plumber.id}&sortBy=createdAt&sortOrder=desc&type=file`
    const found = rows((await world.call('GET', `${list}&query=.pdf`)).at('files'))
    expect(new Set(found.map((row) => row['name']))).toEqual(new Set(['copy.pdf', 'report.pdf']))
    await world.call('DELETE', `/medias/${String(copy.at('fileId'))}?altType=location&altId=${plumber.id}`)
    expect((await fetch(String(copy.at('url')))).status).toBe(404)
    expect((await world.call('POST', '/medias/upload-file', { body: new FormData() })).status).toBe(422)
  })

  test('contacts: create 201, get, upsert finds by e-mail, update, search, delete', async () => {
    const body = {
      locationId: plumber.id,
      firstName: 'Nina',
      lastName: 'Falk',
      email: 'nina@example.com',
      phone: '+44 7700 900999',
      tags: ['lead'],
    }
    const created = await world.call('POST', '/contacts/', { body })
    const id = String(created.at('contact', 'id'))
    expect([created.status, created.at('contact', 'tags')]).toEqual([201, ['lead']])
    expect((await world.call('GET', `/contacts/${id}`)).at('contact')).toMatchObject({ id, name: 'Nina Falk', locationId: plumber.id })
    const upserted = await world.call('POST', '/contacts/upsert', {
      body: { locationId: plumber.id, email: 'NINA@example.com', city: 'Leeds' },
    })
    expect([upserted.status, upserted.at('new'), upserted.at('contact', 'id'), upserted.at('contact', 'city')]).toEqual([
      200,
      false,
      id,
      'Leeds',
    ])
    const fresh = await world.call('POST', '/contacts/upsert', { body: { locationId: plumber.id, email: 'new@example.com' } })
    expect(fresh.at('new')).toBe(true)
    const updated = await world.call('PUT', `/contacts/${id}`, {
      body: { tags: ['customer'], customFields: [{ id: 'f1', field_value: 'slate' }] },
    })
    expect(updated.body).toMatchObject({ succeded: true, contact: { tags: ['customer'], customFields: [{ id: 'f1', value: 'slate' }] } })
    const found = await world.call('POST', '/contacts/search', {
      body: { locationId: plumber.id, pageLimit: 10, filters: [{ field: 'tags', operator: 'contains', value: ['customer'] }] },
    })
    expect(rows(found.at('contacts')).map((row) => row['id'])).toContain(id)
    expect((await world.call('DELETE', `/contacts/${id}`)).body).toMatchObject({ succeded: true })
    expect((await world.call('GET', `/contacts/${id}`)).status).toBe(400)
    expect((await world.call('GET', '/contacts/unknown', { token: dentist.pit })).status).toBe(400)
  })

  test('contact search pages by searchAfter without gaps or repeats', async () => {
    const seen: unknown[] = []
    let searchAfter: unknown
    for (let page = 0; page < 10; page++) {
      const answer = await world.call('POST', '/contacts/search', {
        body: { locationId: plumber.id, pageLimit: 4, ...(searchAfter === undefined ? {} : { searchAfter }) },
      })
      const contacts = rows(answer.at('contacts'))
      if (contacts.length === 0) break
      seen.push(...contacts.map((row) => row['id']))
      searchAfter = contacts.at(-1)?.['searchAfter']
    }
    expect(new Set(seen).size).toBe(9)
    expect(seen).toHaveLength(9)
  })

  test('contact tags are added with 201 and removed with 200, and repeat harmlessly', async () => {
    const [contact] = rows((await world.call('GET', `/contacts/?locationId=${plumber.id}`)).at('contacts'))
    const path = `/contacts/${String(contact?.['id'])}/tags`
    const before = contact?.['tags'] as string[]
    for (let time = 0; time < 2; time++) {
      const added = await world.call('POST', path, { body: { tags: ['one', 'two'] } })
      expect([added.status, added.at('tags')]).toEqual([201, [...before, 'one', 'two']])
    }
    const removed = await world.call('DELETE', path, { body: { tags: ['one'] } })
    expect([removed.status, removed.at('tags')]).toEqual([200, [...before, 'two']])
  })

  test('a second contact with the same e-mail is refused only where that is assumed', async () => {
    const body = { locationId: plumber.id, email: 'twice@example.com' }
    await world.call('POST', '/contacts/', { body })
    const second = await world.call('POST', '/contacts/', { body })
    if (isStrict) expect(second.status).toBe(201)
    else expect(second.body).toMatchObject({ statusCode: 400, meta: { matchingField: 'email', contactId: expect.any(String) } })
  })
})

test('state survives a restart from its file, tokens and key pair included', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'highlevel-state-'))
  try {
    const stateFile = `${directory}/state.json`
    const first = await startWorld({ stateFile })
    await first.act('create-tag', { locationId: plumber.id, tag: 'kept' })
    const key = first.state().webhookKeys.ed25519Public
    await first[Symbol.asyncDispose]()
    await using second = await startWorld({ stateFile })
    expect((await second.social('GET', '/tags?limit=1')).at('results', 'tags', 0, 'tag')).toBe('kept')
    expect(second.state().webhookKeys.ed25519Public).toBe(key)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('hosted files that cannot be fetched answer 400', async () => {
  await using receiver = await startReceiver(500)
  const form = new FormData()
  form.set('hosted', 'true')
  form.set('fileUrl', `${receiver.url}/missing.png`)
  expect((await world.call('POST', '/medias/upload-file', { body: form })).status).toBe(400)
})
