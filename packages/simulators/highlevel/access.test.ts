import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HIGHLEVEL_SAMPLE } from './credentials.ts'
import { dentist, plumber, rows, startWorld, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const RATE_HEADERS = [
  'x-ratelimit-limit-daily',
  'x-ratelimit-daily-remaining',
  'x-ratelimit-interval-milliseconds',
  'x-ratelimit-max',
  'x-ratelimit-remaining',
]
const tags = '/tags?limit=1'

describe.each(['normal', 'strict'])('%s mode', (mode) => {
  const isStrict = mode === 'strict'
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
    await world.set({ strict: isStrict })
  })

  test('an unknown, revoked or missing token answers 401 with statusCode, message, error and traceId', async () => {
    await world.act('revoke-token', { token: dentist.pit })
    for (const token of ['', 'nonsense', 'pit-unknown', dentist.pit]) {
      const answer = await world.social('GET', tags, { token })
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject({
        statusCode: 401,
        error: 'Unauthorized',
        message: expect.any(String),
        traceId: expect.any(String),
      })
    }
  })

  test('an expired token of either kind answers 401, and expiry follows the clock of the simulator', async () => {
    expect((await world.social('GET', tags, { token: HIGHLEVEL_SAMPLE.expiredPit })).status).toBe(401)
    expect((await world.social('GET', tags, { token: HIGHLEVEL_SAMPLE.app.accessToken })).status).toBe(200)
    await world.advance(2 * 86_400_000)
    const answer = await world.social('GET', tags, { token: HIGHLEVEL_SAMPLE.app.accessToken })
    expect([answer.status, answer.at('message')]).toEqual([401, 'Invalid token: access token is invalid'])
  })

  test('a token without the scope answers 401 there and works elsewhere, and scopes can be changed without a new token', async () => {
    const token = HIGHLEVEL_SAMPLE.pitWithoutTagScope
    const refused = await world.social('GET', tags, { token })
    expect(refused.status).toBe(401)
    expect(refused.at('message')).toBe(isStrict ? 'Invalid token: access token is invalid' : 'The token is not authorized for this scope.')
    expect((await world.social('GET', '/categories', { token })).status).toBe(200)
    await world.act('set-scopes', { token, scopes: ['socialplanner/tag.readonly'] })
    expect((await world.social('GET', tags, { token })).status).toBe(200)
    expect((await world.social('GET', '/categories', { token })).status).toBe(401)
  })

  test('a token of another sub-account answers 403 wherever the location stands: path, query or body', async () => {
    const token = dentist.pit
    const answers = [
      await world.social('GET', tags, { token }),
      await world.call('POST', `/social-media-posting/statistics?locationId=${plumber.id}`, { token, body: { profileIds: ['x'] } }),
      await world.call('POST', '/contacts/', { token, body: { locationId: plumber.id } }),
      await world.call('GET', `/medias/files?altType=location&altId=${plumber.id}&sortBy=name&sortOrder=asc&type=file`, { token }),
    ]
    for (const answer of answers) {
      expect([answer.status, answer.at('message')]).toEqual([403, 'The token does not have access to this location.'])
    }
  })

  test('a Company token or agency PIT is refused by social operations and reads locations of its agency', async () => {
    for (const token of [HIGHLEVEL_SAMPLE.agencyPit, HIGHLEVEL_SAMPLE.agencyApp.accessToken]) {
      expect((await world.social('GET', tags, { token })).status).toBe(isStrict ? 401 : 403)
      const locations = await world.call('GET', '/locations/search?limit=50', { token })
      expect([locations.status, rows(locations.at('locations')).length]).toEqual([200, 3])
      expect((await world.call('GET', `/locations/${plumber.id}`, { token })).status).toBe(200)
    }
  })

  test('a missing or unknown Version answers 401', async () => {
    const missing = await world.social('GET', tags, { version: null })
    const unknown = await world.social('GET', tags, { version: '1999-01-01' })
    expect([missing.status, unknown.status]).toEqual([401, 401])
    expect([missing.at('message'), unknown.at('message')]).toEqual(
      isStrict ? ['Unauthorized', 'Unauthorized'] : ['version header was not found.', 'version header is invalid'],
    )
  })

  test('a path of the other version is gated', async () => {
    const queues = '/social-media-posting/category/queues/available-categories'
    const old = await world.call('GET', `${queues}?locationId=${plumber.id}`)
    const renamed = await world.call('GET', `/oauth/installedLocations?companyId=x&appId=y`, {
      version: 'v3',
      token: HIGHLEVEL_SAMPLE.agencyApp.accessToken,
    })
    if (isStrict) expect([old.status, renamed.status]).toEqual([401, 401])
    else {
      expect([old.status, old.at('message'), old.at('error')]).toEqual([404, `Cannot GET ${queues}`, 'Not Found'])
      expect([renamed.status, renamed.at('message')]).toEqual([400, 'endpoint not available in v3'])
    }
  })

  test('another published date is accepted only where reports count', async () => {
    expect((await world.social('GET', tags, { version: '2021-04-15' })).status).toBe(isStrict ? 401 : 200)
    expect((await world.social('GET', tags, { version: 'v3' })).status).toBe(200)
  })

  test('an unknown path answers 404 in the generic shape, and GET of the post list is one', async () => {
    const answer = await world.social('GET', '/posts')
    expect(answer.body).toMatchObject({
      statusCode: 404,
      message: `Cannot GET /social-media-posting/${plumber.id}/posts`,
      error: 'Not Found',
    })
  })

  test('every answer carries the five rate headers and a traceId, refusals too', async () => {
    for (const answer of [
      await world.social('GET', tags),
      await world.social('GET', tags, { token: '' }),
      await world.call('GET', '/nowhere'),
      await world.call('POST', '/oauth/token'),
    ]) {
      for (const name of RATE_HEADERS) expect(answer.headers.get(name), name).toMatch(/^\d+$/)
      expect(answer.at('traceId')).toEqual(expect.any(String))
    }
  })

  test('the 101st request within 10 s answers 429, per token and location, and the window ends by the clock', async () => {
    const statuses: number[] = []
    for (let at = 0; at < 101; at++) statuses.push((await world.social('GET', tags)).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    const refused = await world.social('GET', tags)
    expect([refused.status, refused.headers.get('x-ratelimit-remaining'), refused.headers.get('retry-after')]).toEqual([429, '0', null])
    if (isStrict) expect(refused.text).toBe('')
    else expect(refused.body).toMatchObject({ statusCode: 429, message: 'Too Many Requests' })
    expect((await world.call('GET', `/social-media-posting/${dentist.id}/tags`, { token: dentist.pit })).status).toBe(200)
    expect((await world.social('GET', tags, { token: HIGHLEVEL_SAMPLE.app.accessToken })).status).toBe(200)
    await world.advance(10_000)
    expect((await world.social('GET', tags)).headers.get('x-ratelimit-remaining')).toBe('99')
  })

  test('both counters and both limits can be set, and the daily limit answers 429', async () => {
    await world.act('set-rate-counters', { token: plumber.pit, used: 40, usedToday: 199_999 })
    const last = await world.social('GET', tags)
    expect([last.headers.get('x-ratelimit-remaining'), last.headers.get('x-ratelimit-daily-remaining')]).toEqual(['59', '0'])
    expect((await world.social('GET', tags)).status).toBe(429)
    await world.set({ rateLimitDailyMax: 200_001 })
    expect((await world.social('GET', tags)).status).toBe(200)
    await world.set({ rateLimitMax: 42 })
    expect((await world.social('GET', tags)).status).toBe(429)
  })

  test('faults: expired token mid-run, throttle and daily limit strike on demand and then pass', async () => {
    await world.fault({ kind: 'expired-token', times: 1 })
    await world.fault({ kind: 'throttle', times: 1 })
    expect([
      (await world.social('GET', tags)).status,
      (await world.social('GET', tags)).status,
      (await world.social('GET', tags)).status,
    ]).toEqual([401, 429, 200])
    await world.fault({ kind: 'daily-limit', times: 1 })
    const limited = await world.social('GET', tags)
    expect([limited.status, limited.headers.get('x-ratelimit-daily-remaining')]).toEqual([429, '0'])
    expect((await world.social('GET', tags)).status).toBe(429)
  })

  test('without User-Agent the edge answers 403 as text only where reports count', async () => {
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const out = request(
        `${world.url}/social-media-posting/${plumber.id}${tags}`,
        { headers: { authorization: `Bearer ${plumber.pit}`, version: '2021-07-28' } },
        (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        },
      )
      out.on('error', reject)
      out.end()
    })
    if (isStrict) expect(answer.status).toBe(200)
    else expect(answer).toEqual({ status: 403, text: 'error code: 1010' })
  })
})

describe('normal mode only', () => {
  beforeEach(async () => {
    await world.control('POST', '/reset', { seed: 'sample' })
  })

  test('Retry-After comes when switched on, and a PIT can be throttled early', async () => {
    await world.set({ retryAfterHeader: true, pitBurstMax: 2 })
    const statuses = [await world.social('GET', tags), await world.social('GET', tags), await world.social('GET', tags)]
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 429])
    expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await world.social('GET', tags, { token: HIGHLEVEL_SAMPLE.app.accessToken })).status).toBe(200)
  })

  test('a PIT unused for 90 days ends only when that report is switched on', async () => {
    await world.social('GET', tags)
    await world.advance(91 * 86_400_000)
    expect((await world.social('GET', tags)).status).toBe(200)
    await world.set({ pitLapsesUnused: true })
    await world.advance(91 * 86_400_000)
    expect((await world.social('GET', tags)).status).toBe(401)
  })
})
