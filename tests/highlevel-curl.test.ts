import { request } from 'node:http'
import { isJsonObject, parseJson } from '@couplet/core'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HighlevelSandbox, startHighlevel } from './support/highlevel-sandbox.ts'

/*
 * The simulated HighLevel as somebody with nothing but curl meets it: plain requests, and the statuses, headers and bodies that
 * sections 1, 9 and 10 of the contract promise.
 */

let sandbox: HighlevelSandbox
beforeAll(async () => {
  sandbox = await startHighlevel()
})
afterAll(() => sandbox[Symbol.asyncDispose]())
beforeEach(() => sandbox.control('POST', '/reset', {}))

const { plumber, dentist } = HIGHLEVEL_SAMPLE.locations
const social = (path: string, locationId: string = plumber.id): string => `/social-media-posting/${locationId}${path}`
const search = {
  type: 'all',
  skip: '0',
  limit: '10',
  fromDate: '2020-01-01T00:00:00.000Z',
  toDate: '2040-01-01T00:00:00.000Z',
  includeUsers: 'false',
}

type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

/** `curl -X METHOD` with the usual headers; `null` leaves one out. */
async function curl(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string | null>; body?: unknown } = {},
): Promise<Answer> {
  const usual: Record<string, string | null> = {
    authorization: `Bearer ${plumber.pit}`,
    version: '2021-07-28',
    accept: 'application/json',
    'user-agent': 'curl/8.18.0',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  }
  const sent = Object.entries(usual).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]))
  const response = await fetch(sandbox.url + path, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const parsed = parseJson(await response.text())
  return { status: response.status, headers: response.headers, body: isJsonObject(parsed) ? parsed : {} }
}

const remaining = ({ headers }: Answer): number => Number(headers.get('x-ratelimit-remaining'))

describe('who asks', () => {
  test('without Version the answer is 401, with a wrong one too, each saying so', async () => {
    expect(await curl('GET', social('/tags'), { headers: { version: null } })).toMatchObject({
      status: 401,
      body: { statusCode: 401, message: 'version header was not found.' },
    })
    expect(await curl('GET', social('/tags'), { headers: { version: '2020-01-01' } })).toMatchObject({
      status: 401,
      body: { message: 'version header is invalid' },
    })
  })

  test('a wrong token answers 401, as does none', async () => {
    expect(await curl('GET', social('/tags'), { headers: { authorization: 'Bearer pit-wrong' } })).toMatchObject({
      status: 401,
      body: { message: 'Invalid Private Integration token' },
    })
    expect(await curl('GET', social('/tags'), { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
      body: { message: 'Invalid JWT' },
    })
    expect(await curl('GET', social('/tags'), { headers: { authorization: null } })).toMatchObject({
      status: 401,
      body: { error: 'Unauthorized' },
    })
  })

  test("a token of another sub-account answers 403, not the other's data", async () => {
    const answer = await curl('GET', social('/tags', dentist.id))
    expect(answer).toMatchObject({ status: 403, body: { message: 'The token does not have access to this location.' } })
    expect(answer.body).not.toHaveProperty('results')
  })

  test('a token without the permission answers 401 with its own words', async () => {
    const headers = { authorization: `Bearer ${HIGHLEVEL_SAMPLE.pitWithoutTagScope}` }
    expect(await curl('GET', social('/tags'), { headers })).toMatchObject({
      status: 401,
      body: { message: 'The token is not authorized for this scope.' },
    })
    expect(await curl('GET', social('/accounts'), { headers })).toMatchObject({ status: 200 })
  })

  test('a token of the agency cannot ask for anything social', async () => {
    const headers = { authorization: `Bearer ${HIGHLEVEL_SAMPLE.agencyPit}` }
    expect(await curl('GET', social('/tags'), { headers })).toMatchObject({
      status: 403,
      body: { message: "This token's user type is not yet supported!" },
    })
  })

  test('without User-Agent the edge answers 403 as text', async () => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request(sandbox.url + social('/tags'), { headers: { authorization: `Bearer ${plumber.pit}`, version: '2021-07-28' } }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode, text }))
      })
        .on('error', reject)
        .end()
    })
    expect(answer).toEqual({ status: 403, text: 'error code: 1010' })
  })

  test('every answer, good or bad, names its trace', async () => {
    for (const answer of [
      await curl('GET', social('/tags')),
      await curl('GET', social('/tags'), { headers: { version: null } }),
      await curl('POST', social('/posts/list'), { body: {} }),
    ])
      expect(answer.headers.get('traceid') ?? answer.body['traceId']).toMatch(/\S{8}/)
  })
})

describe('how much may be asked', () => {
  test('five headers tell what is left, and each request takes one', async () => {
    const first = await curl('GET', social('/tags'))
    const second = await curl('GET', social('/tags'))
    for (const [name, value] of Object.entries({
      'x-ratelimit-limit-daily': '200000',
      'x-ratelimit-interval-milliseconds': '10000',
      'x-ratelimit-max': '100',
    }))
      expect(first.headers.get(name)).toBe(value)
    expect(remaining(first) - remaining(second)).toBe(1)
    expect(Number(first.headers.get('x-ratelimit-daily-remaining')) - Number(second.headers.get('x-ratelimit-daily-remaining'))).toBe(1)
  })

  test('the 101st request within 10 seconds answers 429, and after them it works again', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => curl('GET', social('/tags?limit=1'))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200))
    const refused = await curl('GET', social('/tags?limit=1'))
    expect(refused).toMatchObject({ status: 429, body: { statusCode: 429, message: 'Too Many Requests' } })
    expect(remaining(refused)).toBe(0)
    await sandbox.control('POST', '/clock', { advanceMs: 10_000 })
    expect(await curl('GET', social('/tags?limit=1'))).toMatchObject({ status: 200 })
  })

  test('each sub-account has its own limit', async () => {
    await sandbox.control('PATCH', '/settings', { rateLimitMax: 1 })
    expect((await curl('GET', social('/tags'))).status).toBe(200)
    expect((await curl('GET', social('/tags'))).status).toBe(429)
    expect((await curl('GET', social('/tags', dentist.id), { headers: { authorization: `Bearer ${dentist.pit}` } })).status).toBe(200)
  })

  test('when the day is used up the daily remainder says so', async () => {
    await sandbox.control('PATCH', '/settings', { rateLimitDailyMax: 1 })
    await curl('GET', social('/tags'))
    const refused = await curl('GET', social('/tags'))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('x-ratelimit-daily-remaining')).toBe('0')
  })
})

describe('what is answered', () => {
  test('POST answers 201 even when it only reads; GET 200; the newer statistics 200', async () => {
    const profileId = sandbox.state().accounts.find(({ locationId }) => locationId === plumber.id)?.profileId
    const statistics = `/social-media-posting/statistics?locationId=${plumber.id}`
    const statuses = [
      await curl('GET', social('/tags')),
      await curl('POST', social('/posts/list'), { body: search }),
      await curl('POST', social('/tags/details'), { body: { tagIds: [] } }),
      await curl('POST', statistics, { body: { profileIds: [profileId] } }),
      await curl('POST', statistics, { body: { profileIds: [profileId] }, headers: { version: 'v3' } }),
      await curl('POST', `/locations/${plumber.id}/tags`, { body: { name: 'from curl' } }),
    ].map(({ status }) => status)
    expect(statuses).toEqual([200, 201, 201, 201, 200, 200])
  })

  test('social answers come in an envelope that repeats the status', async () => {
    expect(await curl('POST', social('/posts/list'), { body: search })).toMatchObject({
      body: {
        success: true,
        statusCode: 201,
        message: expect.any(String),
        results: { posts: expect.any(Array), count: expect.any(Number) },
      },
    })
  })

  test('a number where a number as text belongs, and an unknown property, answer 422 with a list of messages', async () => {
    const number = await curl('POST', social('/posts/list'), { body: { ...search, skip: 0 } })
    expect(number).toMatchObject({
      status: 422,
      body: { statusCode: 422, error: 'Unprocessable Entity', message: ['skip must be a number string'] },
    })
    const unknown = await curl('POST', social('/posts/list'), { body: { ...search, locationId: plumber.id } })
    expect(unknown).toMatchObject({ status: 422, body: { message: ['property locationId should not exist'] } })
  })

  test('too many accounts in one question for statistics answer 400', async () => {
    const profileIds = Array.from({ length: 101 }, (_, index) => `p${index}`)
    expect(await curl('POST', `/social-media-posting/statistics?locationId=${plumber.id}`, { body: { profileIds } })).toMatchObject({
      status: 400,
    })
  })

  test('a path of the newer generation does not exist under an old Version, and an old path not under the newer', async () => {
    const queues = `/social-media-posting/category/queues/available-categories?locationId=${plumber.id}`
    expect(await curl('GET', queues)).toMatchObject({ status: 404, body: { message: expect.stringMatching(/^Cannot GET \//) } })
    expect(await curl('GET', queues, { headers: { version: 'v3' } })).toMatchObject({ status: 200 })
    const old = `/oauth/installedLocations?companyId=${HIGHLEVEL_SAMPLE.companyId}&appId=${HIGHLEVEL_SAMPLE.agencyApp.appId}`
    const headers = { authorization: `Bearer ${HIGHLEVEL_SAMPLE.agencyApp.accessToken}` }
    expect(await curl('GET', old, { headers })).toMatchObject({ status: 200 })
    expect(await curl('GET', old, { headers: { ...headers, version: 'v3' } })).toMatchObject({
      status: 400,
      body: { message: 'endpoint not available in v3' },
    })
  })

  test('posts cannot be listed by GET, and planner tags cannot be made', async () => {
    expect(await curl('GET', social('/posts'))).toMatchObject({ status: 404 })
    const before = sandbox.state().plannerTags.length
    await curl('POST', social('/tags'), { body: { tag: 'from curl' } })
    expect(sandbox.state().plannerTags).toHaveLength(before)
  })

  test('a post without status goes out at once, even with a future date', async () => {
    const { accounts, users, posts } = sandbox.state()
    const accountIds = accounts
      .filter(({ locationId }) => locationId === plumber.id)
      .slice(0, 1)
      .map(({ id }) => id)
    const userId = users.find(({ locationIds }) => locationIds.includes(plumber.id))?.id
    const scheduleDate = new Date(Date.now() + 86_400_000).toISOString()
    const answer = await curl('POST', social('/posts'), {
      body: { accountIds, userId, type: 'post', summary: 'No status', media: [], scheduleDate },
    })
    expect(answer.status).toBe(201)
    expect(posts.find(({ summary }) => summary === 'No status')?.status).toMatch(/published|in_progress/)
  })
})
