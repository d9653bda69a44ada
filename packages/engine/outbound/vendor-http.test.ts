import { movableClock } from '@couplet/core'
import { type Connector, connector, type ConnectorSpec, defineConnector, path, type VendorFault } from '@couplet/connector-sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Exchange } from './exchange.ts'
import { createOutboundClient } from './outbound-client.ts'
import { createRedactor } from './redact.ts'
import { faultOf, httpServer, type Seen, tcpServer } from './test-servers.ts'
import { createVendorHttp, type VendorHttpOptions } from './vendor-http.ts'
import { buildRequest } from './vendor-request.ts'

const Facts = z.object({ clientId: z.string().optional() })
const Secrets = z.object({ token: z.string() })
const TOKEN = 'pit-0123456789-abcdef'
const clock = movableClock(1_700_000_000_000)
const client = createOutboundClient({ allowedHosts: ['127.0.0.1', 'localhost'], userAgent: 'Couplet/test', clock })
afterAll(() => client.close())

type Spec = ConnectorSpec<{ 'things.read': string }, typeof Facts, typeof Secrets>
const specWith = (more: Partial<Spec> = {}): Connector['spec'] => {
  const { spec } = defineConnector({
    id: 'acme',
    title: 'Acme',
    summary: 'A vendor for tests',
    origin: 'https://api.acme.example',
    headers: { 'X-Constant': 'yes' },
    connection: Facts,
    secrets: Secrets,
    credentials: { kind: 'bearer', secret: 'token' },
    scopes: { 'things.read': 'Read things' },
    limits: { calls: { max: 100, per: '10 s', by: 'connection', headers: { remaining: 'X-Calls-Left' } } },
    fault: ({ status, body }): VendorFault | undefined =>
      status < 400
        ? undefined
        : {
            kind: status === 429 ? 'throttled' : 'rejected',
            message: `said ${JSON.stringify(body)}`,
            retryAfterMs: 2_500,
            fields: { name: 'is taken' },
            details: { body },
          },
    traceId: ({ headers }) => headers['x-trace-id'],
    test: async () => ({ ok: [], warnings: [] }),
    ...more,
  } satisfies Spec)
  return connector({ spec, actions: [], triggers: [] }).spec
}

const httpFor = (origin: string, more: Partial<VendorHttpOptions> & { spec?: Connector['spec'] } = {}) => {
  const exchanges: Exchange[] = []
  const http = createVendorHttp({
    client,
    spec: specWith(),
    connection: { origin, facts: {}, secrets: { token: TOKEN } },
    redactor: createRedactor([TOKEN]),
    clock,
    runId: 'run_1',
    onExchange: (exchange) => exchanges.push(exchange),
    ...more,
  })
  return { http, exchanges }
}

const jsonServer = (answer: (seen: Seen) => unknown = () => ({ ok: true })) =>
  httpServer((seen, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(seen))))

describe('what is sent', () => {
  test('origin with its path, credentials, constant headers, query with repeated lists, and the run for a loopback vendor', async () => {
    await using server = await jsonServer()
    const { http } = httpFor(`${server.origin}/v1/`)
    await http.exchange({
      method: 'GET',
      path: '/things?a=1',
      query: { tags: ['x y', 'z'], page: 2, isOpen: true, none: undefined },
      headers: { Version: '2021' },
    })
    expect(server.seen[0]).toMatchObject({
      url: '/v1/things?a=1&tags=x%20y&tags=z&page=2&isOpen=true',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        accept: 'application/json',
        'x-constant': 'yes',
        version: '2021',
        'user-agent': 'Couplet/test',
        'x-couplet-run': 'run_1',
      },
    })
  })

  test('Basic credentials, with the user among the facts', async () => {
    await using server = await jsonServer()
    const spec = specWith({ credentials: { kind: 'basic', user: 'clientId', password: 'token' } })
    const { http } = httpFor(server.origin, {
      spec,
      connection: { origin: server.origin, facts: { clientId: 'me' }, secrets: { token: TOKEN } },
    })
    await http.exchange({ method: 'GET', path: '/' })
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`)
  })

  test('JSON, form and multipart bodies', async () => {
    await using server = await jsonServer()
    const { http, exchanges } = httpFor(server.origin)
    await http.exchange({ method: 'POST', path: '/', body: { name: 'ä' } })
    await http.exchange({ method: 'POST', path: '/', form: { a: '1 2', b: '&' } })
    await http.exchange({
      method: 'POST',
      path: '/',
      form: { kind: 'pdf' },
      files: [{ name: 'file', filename: 'r.pdf', contentType: 'application/pdf', content: new Uint8Array([37, 80, 68, 70]) }],
    })
    const [json, form, multipart] = server.seen
    expect(json).toMatchObject({ body: '{"name":"ä"}', headers: { 'content-type': 'application/json' } })
    expect(form).toMatchObject({ body: 'a=1+2&b=%26', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(multipart?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(multipart?.body).toContain('name="file"; filename="r.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n')
    expect(multipart?.body).toContain('name="kind"\r\n\r\npdf')
    expect(exchanges.map(({ requestBody }) => requestBody)).toEqual([
      { name: 'ä' },
      { a: '1 2', b: '&' },
      { kind: 'pdf', files: [{ name: 'file', filename: 'r.pdf', contentType: 'application/pdf', sizeBytes: 4 }] },
    ])
  })

  test('the operation says how long to wait and may ask before it is sent', async () => {
    await using server = await tcpServer(() => {})
    const { http, exchanges } = httpFor(server.origin)
    expect((await faultOf(http.exchange({ method: 'POST', path: '/', timeoutMs: 60 }))).kind).toBe('unknown-outcome')
    expect(exchanges).toMatchObject([{ fault: { code: 'outbound.no_answer', kind: 'unknown-outcome' }, responseHeaders: {} }])
    expect(exchanges[0]).not.toHaveProperty('status')
    const reading = httpFor(server.origin, { isRead: true, timeoutMs: 60 })
    expect((await faultOf(reading.http.exchange({ method: 'POST', path: '/' }))).kind).toBe('unavailable')
  })

  test('nothing leaves when the quota says no', async () => {
    await using server = await jsonServer()
    const { http, exchanges } = httpFor(server.origin, { beforeSend: async () => Promise.reject(new Error('no token')) })
    await expect(http.exchange({ method: 'GET', path: '/' })).rejects.toThrow('no token')
    expect(server.seen).toEqual([])
    expect(exchanges).toEqual([])
  })
})

describe('a secret only travels to the origin of its connection', () => {
  test.each([
    ['https://evil.example/', 'origin'],
    ['//evil.example/', 'url'],
    ['http://127.0.0.1:1/', 'origin'],
    ['/a/../../b', 'path'],
    [path`/things/${'..'}/x`, 'path'],
    ['/%2e%2e/x', 'path'],
  ])('the path %s is refused by the rule "%s"', async (at, rule) => {
    await using server = await jsonServer()
    const { http } = httpFor(server.origin)
    expect((await faultOf(http.exchange({ method: 'GET', path: at }))).facts).toMatchObject({ code: 'outbound.refused', details: { rule } })
    expect(server.seen).toEqual([])
  })

  test('a path without its slash cannot become part of the host', async () => {
    await using server = await jsonServer()
    expect((await faultOf(httpFor(server.origin).http.exchange({ method: 'GET', path: '@evil.example/' }))).kind).toBe('bug')
  })

  test('an absolute link of the vendor to itself is followed', async () => {
    await using server = await jsonServer()
    await httpFor(server.origin).http.exchange({ method: 'GET', path: `${server.origin}/things?page=2` })
    expect(server.seen[0]?.url).toBe('/things?page=2')
  })

  test.each(['Authorization', 'cookie', 'Host', 'Content-Length', 'x-couplet-run'])(
    'an operation cannot set the header %s',
    async (name) => {
      await using server = await jsonServer()
      expect((await faultOf(httpFor(server.origin).http.exchange({ method: 'GET', path: '/', headers: { [name]: 'x' } }))).kind).toBe('bug')
    },
  )

  test('a redirect is not followed but told', async () => {
    await using other = await jsonServer()
    await using server = await httpServer((_seen, response) => response.writeHead(302, { location: `${other.origin}/` }).end())
    expect((await faultOf(httpFor(server.origin).http.exchange({ method: 'GET', path: '/' }))).facts).toMatchObject({
      code: 'vendor.redirected',
      kind: 'rejected',
      status: 302,
    })
    expect(other.seen).toEqual([])
  })

  test('a connection without its secret asks for it', async () => {
    await using server = await jsonServer()
    const { http } = httpFor(server.origin, { connection: { origin: server.origin, facts: {}, secrets: {} } })
    expect((await faultOf(http.exchange({ method: 'GET', path: '/' }))).facts).toMatchObject({
      code: 'connection.secret_missing',
      kind: 'auth-expired',
    })
  })

  test('the built-in connector may call any allowed address, with its own headers', async () => {
    await using server = await jsonServer()
    const spec = specWith({ isBuiltIn: true, credentials: { kind: 'none' }, headers: {} })
    const { http } = httpFor('', { spec, connection: { origin: '', facts: {}, secrets: {} } })
    await http.exchange({ method: 'GET', path: `${server.origin}/x`, headers: { authorization: 'Bearer typed' } })
    expect(server.seen[0]).toMatchObject({ url: '/x', headers: { authorization: 'Bearer typed' } })
    expect((await faultOf(http.exchange({ method: 'GET', path: '/no-host' }))).facts).toMatchObject({
      code: 'outbound.refused',
      kind: 'user',
    })
  })
})

describe('what comes back', () => {
  test('is parsed by the schema of the reply', async () => {
    await using server = await jsonServer(() => ({ id: 7, extra: 1 }))
    expect(await httpFor(server.origin).http({ method: 'GET', path: '/', reply: z.object({ id: z.number() }) })).toEqual({ id: 7 })
  })

  test('no body is null, text is text, JSON is seen even when it is called otherwise', async () => {
    await using server = await httpServer((seen, response) =>
      seen.url === '/none'
        ? response.writeHead(204).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end(seen.url === '/json' ? '{"a":1}' : '123'),
    )
    const { http } = httpFor(server.origin)
    expect((await http.exchange({ method: 'GET', path: '/none' })).body).toBeNull()
    expect((await http.exchange({ method: 'GET', path: '/text' })).body).toBe('123')
    expect((await http.exchange({ method: 'GET', path: '/json' })).body).toEqual({ a: 1 })
  })

  test("the connector's fault, with status, trace id and the time to try again", async () => {
    await using server = await httpServer((_seen, response) =>
      response.writeHead(429, { 'x-trace-id': 't-1', 'content-type': 'application/json' }).end(`{"echo":"${TOKEN}"}`),
    )
    const { http, exchanges } = httpFor(server.origin)
    const fault = await faultOf(http.exchange({ method: 'GET', path: '/' }))
    expect(fault.facts).toMatchObject({
      code: 'vendor.throttled',
      kind: 'throttled',
      status: 429,
      traceId: 't-1',
      retryAt: clock.now() + 2_500,
      fields: { name: 'is taken' },
    })
    expect(JSON.stringify(fault.facts)).not.toContain(TOKEN)
    expect(exchanges).toMatchObject([
      { status: 429, traceId: 't-1', responseBody: { echo: '[hidden]' }, fault: { code: 'vendor.throttled', kind: 'throttled' } },
    ])
  })

  test('a success of an unknown shape says where it does not fit, and is never taken for a refusal', async () => {
    await using server = await jsonServer(() => ({ items: [{ id: 1 }, { id: 'x' }] }))
    const { http, exchanges } = httpFor(server.origin)
    const fault = await faultOf(
      http({ method: 'POST', path: '/things', reply: z.object({ items: z.array(z.object({ id: z.number() })), total: z.number() }) }),
    )
    expect(fault.facts).toMatchObject({
      code: 'vendor.unexpected_answer',
      kind: 'bug',
      status: 200,
      details: { wasAccepted: true, misfits: [{ place: 'items.1.id' }, { place: 'total' }] },
    })
    expect(exchanges).toMatchObject([{ status: 200, fault: { code: 'vendor.unexpected_answer' } }])
  })

  test('headers of every answer are told, for the quota', async () => {
    await using server = await httpServer((_seen, response) => response.writeHead(400, { 'x-calls-left': '3' }).end())
    const told: unknown[] = []
    const { http } = httpFor(server.origin, { onReply: (headers, status) => told.push([headers['x-calls-left'], status]) })
    await faultOf(http.exchange({ method: 'GET', path: '/' }))
    expect(told).toEqual([['3', 400]])
  })
})

describe('the record for the journal', () => {
  test('has no secret in address, bodies or headers, and only useful headers', async () => {
    await using server = await httpServer((_seen, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'x-calls-left': '9',
          'x-trace-id': 't-2',
          'x-ratelimit-max': '100',
          'set-cookie': 'sid=1',
          'retry-after': TOKEN,
        })
        .end(JSON.stringify({ token: 'other-secret', echo: TOKEN })),
    )
    const { http, exchanges } = httpFor(server.origin)
    await http.exchange({
      method: 'POST',
      path: '/things',
      query: { key: TOKEN, api_key: 'abc', page: 1 },
      body: { password: 'pw', note: `uses ${TOKEN}` },
    })
    expect(exchanges).toEqual([
      {
        method: 'POST',
        url: `${server.origin}/things?key=[hidden]&api_key=[hidden]&page=1`,
        requestBody: { password: '[hidden]', note: 'uses [hidden]' },
        status: 200,
        responseBody: { token: '[hidden]', echo: '[hidden]' },
        responseHeaders: expect.objectContaining({
          'content-type': 'application/json',
          'x-calls-left': '9',
          'x-trace-id': 't-2',
          'x-ratelimit-max': '100',
          'retry-after': '[hidden]',
        }),
        traceId: 't-2',
        startedAt: clock.now(),
        tookMs: expect.any(Number),
      },
    ])
    expect(exchanges[0]?.responseHeaders).not.toHaveProperty('set-cookie')
    expect(JSON.stringify(exchanges)).not.toContain(TOKEN)
  })

  test('bodies are cut at 16 kB', async () => {
    await using server = await jsonServer(() => ({ text: 'y'.repeat(50_000) }))
    const { http, exchanges } = httpFor(server.origin)
    await http.exchange({ method: 'POST', path: '/', body: { text: 'x'.repeat(50_000) } })
    const kept = exchanges[0]
    for (const body of [kept?.requestBody, kept?.responseBody]) {
      expect(body).toMatch(/more characters\)$/)
      expect(JSON.stringify(body).length).toBeLessThan(16_500)
    }
  })
})

test.each([
  ['https://api.acme.example', false, undefined],
  ['https://127.acme.example', false, undefined],
  ['https://sandbox.example', true, 'run_1'],
  ['http://127.0.0.1:4010', false, 'run_1'],
])('the id of a run travels to the sandbox only: %s', async (origin, isSandbox, expected) => {
  const built = await buildRequest(
    specWith(),
    { origin, facts: {}, secrets: { token: TOKEN }, isSandbox },
    { method: 'GET', path: '/' },
    'run_1',
  )
  expect(built.headers['x-couplet-run']).toBe(expected)
})
