import { describe, expect, test } from 'vitest'
import { sortFault } from './fault.ts'

const LOC = 'LocNorthgateSolar001'
const answer = (status: number, body: unknown, more: { headers?: Record<string, string>; method?: string; path?: string } = {}) =>
  sortFault({ status, body, headers: {}, method: 'GET', path: `/social-media-posting/${LOC}/tags`, ...more })

const RETRY_AT = { date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:01:30 GMT' }

describe('a success', () => {
  test('is any 2xx, since reads by POST answer 201', () => {
    expect(answer(200, { success: true, statusCode: 200 })).toBeUndefined()
    expect(answer(201, { success: true, statusCode: 201 })).toBeUndefined()
    expect(answer(200, { succeded: true })).toBeUndefined()
    expect(answer(204, undefined)).toBeUndefined()
  })
  test('is not a 2xx whose envelope says it failed', () => {
    expect(answer(200, { success: false, statusCode: 404, message: 'Post not found' })?.kind).toBe('not-found')
    expect(answer(201, { success: false, message: 'no' })?.kind).toBe('rejected')
  })
})

describe('401', () => {
  test.each(['Invalid token: access token is invalid', 'Invalid JWT', 'Invalid Private Integration token'])(
    '"%s" is a refused token',
    (message) => {
      expect(answer(401, { statusCode: 401, message, error: 'Unauthorized' })?.kind).toBe('auth-expired')
    },
  )
  test('about a scope names the permission of the operation', () => {
    const fault = answer(401, { statusCode: 401, message: 'The token is not authorized for this scope.' })
    expect(fault).toMatchObject({
      kind: 'scope-missing',
      scope: 'socialplanner/tag.readonly',
      message: 'Permission missing: socialplanner/tag.readonly.',
    })
  })
  test('about a scope finds the permission of a read by POST', () => {
    expect(
      answer(
        401,
        { message: 'The token is not authorized for this scope.' },
        { method: 'POST', path: `/social-media-posting/${LOC}/posts/list` },
      )?.scope,
    ).toBe('socialplanner/post.readonly')
    expect(
      answer(401, { message: 'The token is not authorized for this scope.' }, { method: 'POST', path: '/contacts/abc/tags' })?.scope,
    ).toBe('contacts.write')
  })
  test.each(['version header was not found.', 'version header is invalid'])('"%s" is our mistake', (message) => {
    expect(answer(401, { statusCode: 401, message })?.kind).toBe('bug')
  })
  test('about the location says whose token it is', () => {
    expect(answer(401, { message: 'The token does not have access to this location.' })).toMatchObject({
      kind: 'rejected',
      code: 'connection.wrong_location',
    })
  })
  test('with no body counts as a refused token', () => {
    expect(answer(401, undefined)?.kind).toBe('auth-expired')
  })
})

describe('403', () => {
  test('about the location names the cause', () => {
    expect(answer(403, { statusCode: 403, message: 'The token does not have access to this location.' })).toMatchObject({
      kind: 'rejected',
      message: 'This token belongs to another sub-account.',
    })
  })
  test('about the user type means an agency token', () => {
    expect(answer(403, { message: "This token's user type is not yet supported!" })?.code).toBe('connection.wrong_token_kind')
  })
  test('as Cloudflare text 1010 is our mistake', () => {
    expect(answer(403, 'error code: 1010')).toMatchObject({ kind: 'bug', code: 'highlevel.edge_refused' })
  })
  test('as other HTML from the edge passes', () => {
    expect(answer(403, '<html><title>Attention Required!</title></html>')?.kind).toBe('unavailable')
  })
})

describe('404', () => {
  test('of a record is not found', () => {
    expect(answer(404, { statusCode: 404, message: 'Post not found', error: 'Not Found' })?.kind).toBe('not-found')
  })
  test('of the version gate is our mistake', () => {
    expect(answer(404, { statusCode: 404, message: `Cannot GET /social-media-posting/category/queues/1`, error: 'Not Found' })?.kind).toBe(
      'bug',
    )
  })
})

describe('400 and 422', () => {
  test('of a record that is not there is not found, since 404 is declared nowhere', () => {
    expect(
      answer(400, {
        status: 400,
        options: {},
        message: 'Post not found',
        name: 'BadRequestException',
        error: 'Bad Request',
        statusCode: 400,
        traceId: 't',
      })?.kind,
    ).toBe('not-found')
  })
  test('of a contact that is there already may be branched on', () => {
    expect(answer(400, { statusCode: 400, message: 'This location does not allow duplicated contacts.' })?.kind).toBe('conflict')
  })
  test('of the version gate is our mistake', () => {
    expect(answer(400, { statusCode: 400, message: 'This endpoint not available in v3' })?.kind).toBe('bug')
  })
  test('maps a list of messages to fields', () => {
    const fault = answer(422, {
      statusCode: 422,
      message: [
        'property locationId should not exist',
        'skip must be a number string',
        'each value in accountIds must be a string',
        'media.0.Invalid media format type',
        'media.1.type must be one of',
        'userId must be a string',
      ],
      error: 'Unprocessable Entity',
    })
    expect(fault?.kind).toBe('rejected')
    expect(Object.keys(fault?.fields ?? {}).toSorted()).toEqual(['accountIds', 'locationId', 'media[0]', 'media[1].type', 'skip', 'userId'])
  })
  test('maps a single message to its field and gives a hint', () => {
    expect(
      answer(422, { statusCode: 422, message: 'scheduleDate must be after current date', error: 'Unprocessable Entity' }),
    ).toMatchObject({
      kind: 'rejected',
      fields: { scheduleDate: 'scheduleDate must be after current date' },
      hint: expect.stringContaining('future'),
    })
  })
  test('reads the long social form', () => {
    expect(
      answer(400, {
        status: 400,
        options: {},
        message: 'profileIds must contain no more than 100 elements',
        name: 'BadRequestException',
        error: 'Bad Request',
        statusCode: 400,
        traceId: 't',
      }),
    ).toMatchObject({ kind: 'rejected', message: expect.stringContaining('100 elements') })
  })
  test('reads the catalogue form of v3', () => {
    const fault = answer(400, {
      error: {
        code: 'SP_100',
        message: 'prevRange needs currentRange',
        details: ['currentRange is missing'],
        resolution: 'Send both ranges.',
      },
    })
    expect(fault).toMatchObject({ kind: 'rejected', hint: 'Send both ranges.', details: { vendorCode: 'SP_100' } })
    expect(fault?.message).toContain('prevRange needs currentRange')
  })
  test.each([
    'CSV_EMPTY_FILE',
    'CSV_INVALID_FORMAT',
    'CSV_HEADERS_NOT_MATCHING',
    'CSV_MISSING_HEADERS',
    'CSV_MISSING_REQUIRED_ROWS',
    'CSV_UNSUPPORTED_EXTENSION',
    'CSV_NO_VALID_POST',
    'CSV_PROCESSING_ERROR',
  ])('%s says what to change in the file', (code) => {
    expect(answer(400, { code, message: 'x' })).toMatchObject({
      kind: 'rejected',
      code: `highlevel.${code.toLowerCase()}`,
      fields: { content: expect.any(String) },
    })
  })
  test('lists the missing headings of a CSV', () => {
    expect(
      answer(400, { code: 'CSV_MISSING_HEADERS', message: 'x', missingHeaders: ['postAtSpecificTime', 'content'] })?.message,
    ).toContain('postAtSpecificTime, content')
  })
})

describe('OAuth', () => {
  const token = { method: 'POST', path: '/oauth/token' }
  test('a dead refresh token asks to reconnect', () => {
    expect(answer(400, { error: 'invalid_grant', error_description: 'Invalid grant: refresh token is invalid' }, token)?.kind).toBe(
      'auth-expired',
    )
  })
  test('wrong app credentials are refused values', () => {
    expect(answer(400, { statusCode: 400, message: 'Missing parameter: clientId' }, token)?.kind).toBe('rejected')
  })
  test('a paused sub-account is temporary', () => {
    expect(answer(400, { message: 'Location is not active' }, token)).toMatchObject({ kind: 'unavailable', retryAfterMs: 900_000 })
  })
})

describe('429', () => {
  test('without body or header leaves the wait to the runtime', () => {
    expect(answer(429, undefined)).toMatchObject({ kind: 'throttled' })
    expect(answer(429, undefined)?.retryAfterMs).toBeUndefined()
  })
  test('believes Retry-After before the interval header', () => {
    expect(answer(429, {}, { headers: { 'retry-after': '3', 'x-ratelimit-interval-milliseconds': '10000' } })?.retryAfterMs).toBe(3_000)
    expect(answer(429, {}, { headers: { 'x-ratelimit-interval-milliseconds': '10000' } })?.retryAfterMs).toBe(10_000)
  })
  test('reads Retry-After as a date against the date of the answer', () => {
    expect(
      answer(429, {}, { headers: { date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:00:30 GMT' } })?.retryAfterMs,
    ).toBe(30_000)
  })
  test('waits long when the day is used up', () => {
    expect(answer(429, {}, { headers: { 'x-ratelimit-daily-remaining': '0', 'retry-after': '1' } })).toMatchObject({
      code: 'highlevel.daily_limit',
      retryAfterMs: 3_600_000,
    })
    expect(answer(429, {}, { headers: { 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '120000' } })?.retryAfterMs).toBe(
      120_000,
    )
  })
})

describe('others', () => {
  test.each([500, 503, 520, 408])('HTTP %i waits as long as HighLevel, or its edge, says', (status) => {
    expect(answer(status, {}, { headers: { 'retry-after': '120' } })).toMatchObject({ kind: 'unavailable', retryAfterMs: 120_000 })
    expect(answer(status, '<html>', { headers: RETRY_AT })).toMatchObject({ kind: 'unavailable', retryAfterMs: 90_000 })
    expect(answer(status, {})?.retryAfterMs).toBeUndefined()
  })
  test('5xx is unavailable, also as HTML', () => {
    expect(answer(502, '<html><body><h1>Bad gateway</h1></body></html>')).toMatchObject({
      kind: 'unavailable',
      details: { said: 'Bad gateway' },
    })
    expect(answer(500, { statusCode: 500, message: 'x' })?.kind).toBe('unavailable')
  })
  test('409 may be branched on', () => {
    expect(answer(409, { message: 'x' })?.kind).toBe('conflict')
  })
  test('a file that is too large or of a wrong type marks its field', () => {
    expect(answer(413, {})?.fields).toHaveProperty('content')
    expect(answer(415, {})?.fields).toHaveProperty('contentType')
  })
  test('no credential in a vendor text survives', () => {
    const fault = answer(401, { message: 'Invalid token pit-12345678-aaaa-bbbb and eyJhbGciOi.eyJzdWIiOi.sig' })
    expect(JSON.stringify(fault)).not.toMatch(/12345678|eyJhbGciOi/)
  })
})
