import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { movableClock } from '@couplet/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { Resolve } from './address-guard.ts'
import { createOutboundClient, type OutboundClient, type OutboundRequest } from './outbound-client.ts'
import { faultOf, httpServer, tcpServer } from './test-servers.ts'

const open: OutboundClient[] = []
const clientFor = (allowedHosts: string[] = ['127.0.0.1'], resolve?: Resolve): OutboundClient => {
  const client = createOutboundClient({
    allowedHosts,
    userAgent: 'Couplet/test',
    clock: movableClock(1_000),
    ...(resolve ? { resolve } : {}),
  })
  open.push(client)
  return client
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()))
})

const answering = (...addresses: string[]): Resolve => {
  let at = 0
  return (_host, _options, done) => {
    const address = addresses[Math.min(at++, addresses.length - 1)] ?? ''
    const found: LookupAddress[] = [{ address, family: address.includes(':') ? 6 : 4 }]
    done(null, found)
  }
}

describe('an ordinary exchange', () => {
  test('carries method, path, query, headers and body, and gives status, headers and body back', async () => {
    await using server = await httpServer((_seen, response) => {
      response.writeHead(201, { 'Content-Type': 'application/json', 'X-Two': ['a', 'b'] })
      response.end('{"ok":true}')
    })
    const reply = await clientFor().send({
      method: 'POST',
      url: `${server.origin}/a/b?c=d%20e`,
      headers: { 'X-One': '1' },
      body: '{"x":1}',
    })
    expect(server.seen).toMatchObject([
      { method: 'POST', url: '/a/b?c=d%20e', body: '{"x":1}', headers: { 'x-one': '1', 'user-agent': 'Couplet/test' } },
    ])
    expect(reply).toMatchObject({ status: 201, receivedAt: 1_000, headers: { 'content-type': 'application/json', 'x-two': 'a, b' } })
    expect(reply.json()).toEqual({ ok: true })
    expect(reply.text()).toBe('{"ok":true}')
  })

  test('any status is a reply, and a body that is no JSON is undefined as JSON', async () => {
    await using server = await httpServer((_seen, response) => response.writeHead(500).end('<html>'))
    const reply = await clientFor().send({ method: 'GET', url: server.origin })
    expect(reply.status).toBe(500)
    expect(reply.json()).toBeUndefined()
  })

  test('a text in another charset is read in it', async () => {
    await using server = await httpServer((_seen, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(Buffer.from([0xe4])),
    )
    expect((await clientFor().send({ method: 'GET', url: server.origin })).text()).toBe('ä')
  })

  test('connections are kept and used again', async () => {
    await using server = await httpServer((_seen, response) => response.end('x'))
    const client = clientFor()
    for (let i = 0; i < 20; i++) await client.send({ method: 'GET', url: server.origin })
    // Two: a connection rests for a moment between two requests.
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  test('a signal used for many requests keeps no listener of any', async () => {
    await using server = await httpServer((_seen, response) => response.end('x'))
    const abort = new AbortController()
    let listeners = 0
    const add = abort.signal.addEventListener.bind(abort.signal)
    const remove = abort.signal.removeEventListener.bind(abort.signal)
    abort.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    abort.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    const client = clientFor()
    for (let i = 0; i < 10; i++) await client.send({ method: 'GET', url: server.origin, signal: abort.signal })
    expect(listeners).toBe(0)
  })
})

describe('what is refused before anything is sent', () => {
  test.each([
    ['http://127.0.0.1:9/', 'port'],
    ['http://127.0.0.1:9999/', 'address'],
    ['not a url', 'url'],
    ['gopher://example.org/', 'protocol'],
  ])('%s, by the rule "%s"', async (url, rule) => {
    const fault = await faultOf(clientFor([]).send({ method: 'GET', url }))
    expect(fault.facts).toMatchObject({ code: 'outbound.refused', kind: 'user', details: { rule } })
    expect(fault.hint).toBeTruthy()
  })

  test('a name that resolves to a private address', async () => {
    await using server = await httpServer((_seen, response) => response.end('secret'))
    const fault = await faultOf(
      clientFor([], answering('127.0.0.1')).send({ method: 'GET', url: `http://innocent.example:${server.port}/` }),
    )
    expect(fault.facts).toMatchObject({ code: 'outbound.refused', kind: 'user', details: { rule: 'address' } })
    expect(server.connections()).toBe(0)
  })

  test('a name with one public and one private address', async () => {
    const both: Resolve = (_host, _options, done) =>
      done(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ])
    expect((await faultOf(clientFor([], both).send({ method: 'GET', url: 'http://mixed.example/' }))).code).toBe('outbound.refused')
  })

  test('an allowed name may resolve to a private address', async () => {
    await using server = await httpServer((_seen, response) => response.end('fine'))
    const client = clientFor([`localhost:${server.port}`])
    expect((await client.send({ method: 'GET', url: `http://localhost:${server.port}/` })).text()).toBe('fine')
  })

  test('a header with a line break', async () => {
    await using server = await httpServer((_seen, response) => response.end())
    const fault = await faultOf(clientFor().send({ method: 'GET', url: server.origin, headers: { 'x-a': 'b\r\nhost: evil' } }))
    expect(fault.facts).toMatchObject({ code: 'outbound.refused', details: { rule: 'http' } })
    expect(server.seen).toEqual([])
  })
})

describe('redirects', () => {
  const redirecting = (to: (path: string) => string | undefined) =>
    httpServer((seen, response) => {
      const location = to(seen.url)
      if (location === undefined) response.end(`arrived at ${seen.url}`)
      else response.writeHead(302, { location }).end()
    })

  test('a GET without a secret follows up to three', async () => {
    await using server = await redirecting((path) => (path === '/4' ? undefined : `/${Number(path.slice(1)) + 1}`))
    const client = clientFor()
    const reply = await client.send({ method: 'GET', url: `${server.origin}/1` })
    expect(reply.text()).toBe('arrived at /4')
    expect(reply.url).toBe(`${server.origin}/4`)
    expect((await faultOf(client.send({ method: 'GET', url: `${server.origin}/0` }))).facts).toMatchObject({
      code: 'outbound.refused',
      details: { rule: 'redirects' },
    })
  })

  test('each target is checked anew', async () => {
    await using hidden = await httpServer((_seen, response) => response.end('metadata'))
    await using server = await redirecting(() => `http://127.0.0.1:${hidden.port}/`)
    const fault = await faultOf(clientFor([`127.0.0.1:${server.port}`]).send({ method: 'GET', url: server.origin }))
    expect(fault.facts).toMatchObject({ code: 'outbound.refused', details: { rule: 'address' } })
    expect(hidden.connections()).toBe(0)
  })

  test.each<[string, Partial<OutboundRequest>]>([
    ['a request marked as carrying a secret', { carriesSecret: true }],
    ['a request with an authorization header', { headers: { Authorization: 'Bearer abc' } }],
    ['a POST', { method: 'POST', body: '{}' }],
  ])('%s gets the redirect itself as the answer', async (_name, request) => {
    await using server = await redirecting((path) => (path === '/there' ? undefined : '/there'))
    const reply = await clientFor().send({ method: 'GET', url: server.origin, ...request })
    expect(reply.status).toBe(302)
    expect(server.seen.map(({ url }) => url)).toEqual(['/'])
  })
})

describe('size and packing of answers', () => {
  const text = 'hello '.repeat(1000)
  test.each([
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
  ])('%s is unpacked', async (encoding, bytes) => {
    await using server = await httpServer((_seen, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bytes))
    expect((await clientFor().send({ method: 'GET', url: server.origin })).text()).toBe(text)
  })

  const bomb = gzipSync(Buffer.alloc(30_000_000))
  test.each<[string, (response: ServerResponse) => unknown]>([
    ['announced in its length', (response) => response.writeHead(200, { 'content-length': 20_000_000 }).write('x')],
    ['streamed', (response) => response.writeHead(200).end(Buffer.alloc(11_000_000))],
    ['only when unpacked', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)],
  ])('an answer too large, %s, is given up', async (_name, answer) => {
    await using server = await httpServer((_seen, response) => void answer(response))
    const client = clientFor()
    expect((await faultOf(client.send({ method: 'GET', url: server.origin }))).facts).toMatchObject({
      code: 'outbound.unreadable_answer',
      kind: 'rejected',
      status: 200,
    })
    expect((await faultOf(client.send({ method: 'POST', url: server.origin }))).facts).toMatchObject({
      code: 'outbound.unreadable_answer',
      kind: 'unknown-outcome',
    })
  })

  test('damaged packing is unreadable, not a crash', async () => {
    await using server = await httpServer((_seen, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'))
    expect((await faultOf(clientFor().send({ method: 'GET', url: server.origin }))).code).toBe('outbound.unreadable_answer')
  })
})

describe('surely not sent, or perhaps arrived', () => {
  const both = async (client: OutboundClient, url: string, more: Partial<OutboundRequest> = {}) => ({
    read: await faultOf(client.send({ method: 'GET', url, ...more })),
    write: await faultOf(client.send({ method: 'POST', url, body: '{}', ...more })),
  })

  test('connection refused: surely not sent', async () => {
    const gone = await tcpServer(() => {})
    await gone[Symbol.asyncDispose]()
    const { read, write } = await both(clientFor(), gone.origin)
    expect(read.facts).toMatchObject({ code: 'outbound.unreachable', kind: 'unavailable', details: { cause: 'ECONNREFUSED' } })
    expect(write.facts).toMatchObject({ code: 'outbound.unreachable', kind: 'unavailable' })
  })

  test('unknown name: surely not sent', async () => {
    const unknown: Resolve = (_host, _options, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    const { write } = await both(clientFor([], unknown), 'https://nowhere.example/')
    expect(write.facts).toMatchObject({
      code: 'outbound.unreachable',
      kind: 'unavailable',
      message: 'No server is known under the name nowhere.example.',
    })
  })

  test('a TLS handshake that fails: surely not sent', async () => {
    await using server = await tcpServer((socket) => socket.end('this is not TLS\r\n'))
    const { write } = await both(clientFor(), `https://127.0.0.1:${server.port}/`)
    expect(write.facts).toMatchObject({ code: 'outbound.unreachable', kind: 'unavailable' })
  })

  test('no time left while all connections are taken: surely not sent', async () => {
    const received: string[] = []
    await using server = await tcpServer((socket) => socket.on('data', (bytes) => received.push(bytes.toString())))
    const client = clientFor()
    const stop = new AbortController()
    // 64 connections for each origin, every one waiting for an answer that does not come.
    const taking = Array.from({ length: 64 }, (_, at) =>
      faultOf(client.send({ method: 'GET', url: `${server.origin}/taken-${at}`, signal: stop.signal })),
    )
    await expect.poll(() => received.length).toBe(64)
    const fault = await faultOf(client.send({ method: 'POST', url: `${server.origin}/queued`, body: '{}', timeoutMs: 100 }))
    expect(fault.facts).toMatchObject({ code: 'outbound.unreachable', kind: 'unavailable', details: { cause: 'timeout' } })
    stop.abort()
    await Promise.all(taking)
    // A connection that is free again sends what comes next, but not what was given up.
    const next = faultOf(client.send({ method: 'GET', url: `${server.origin}/next`, timeoutMs: 500 }))
    await expect.poll(() => received.some((text) => text.includes('/next'))).toBe(true)
    await next
    expect(received.some((text) => text.includes('/queued'))).toBe(false)
  })

  const stages: [string, (socket: Socket) => void, string][] = [
    ['closes as soon as it is asked', (socket) => socket.once('data', () => socket.end()), 'sent'],
    ['resets when it is asked', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'sent'],
    ['closes in the middle of the status line', (socket) => socket.once('data', () => socket.end('HTTP/1.1 20')), 'sent'],
    ['closes in the middle of the headers', (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le')), 'sent'],
    [
      'closes in the middle of the body',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')),
      'answering',
    ],
    [
      'resets in the middle of a chunked body',
      (socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', () =>
            setTimeout(() => socket.resetAndDestroy(), 20),
          ),
        ),
      'answering',
    ],
    ['answers no HTTP', (socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')), 'sent'],
  ]
  test.each(stages)('a server that %s: perhaps arrived', async (_name, behave, stage) => {
    await using server = await tcpServer(behave)
    const { read, write } = await both(clientFor(), server.origin)
    expect(read.facts).toMatchObject({ code: 'outbound.no_answer', kind: 'unavailable', details: { stage } })
    expect(write.facts).toMatchObject({ code: 'outbound.no_answer', kind: 'unknown-outcome', details: { stage } })
  })

  test('a server that closes a kept connection just when it is used again: perhaps arrived for that request only', async () => {
    let requests = 0
    await using server = await tcpServer((socket) =>
      socket.on('data', () => (++requests === 2 ? socket.destroy() : socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))),
    )
    const client = clientFor()
    await client.send({ method: 'POST', url: server.origin, body: '{}' })
    expect((await faultOf(client.send({ method: 'POST', url: server.origin, body: '{}' }))).kind).toBe('unknown-outcome')
    expect((await client.send({ method: 'POST', url: server.origin, body: '{}' })).text()).toBe('ok')
  })

  test('a server that says nothing within the time: perhaps arrived', async () => {
    await using server = await tcpServer(() => {})
    const { read, write } = await both(clientFor(), server.origin, { timeoutMs: 60 })
    expect(read.facts).toMatchObject({ code: 'outbound.no_answer', kind: 'unavailable', details: { cause: 'timeout', stage: 'sent' } })
    expect(write.facts).toMatchObject({ code: 'outbound.no_answer', kind: 'unknown-outcome' })
  })

  test('a server that trickles its body for ever is cut at the total time', async () => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
        const timer = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(timer))
      })
    })
    expect((await faultOf(clientFor().send({ method: 'POST', url: server.origin, timeoutMs: 150 }))).facts).toMatchObject({
      kind: 'unknown-outcome',
      status: 200,
      details: { stage: 'answering' },
    })
  })

  test('an answer that does not begin in time', async () => {
    await using server = await tcpServer(() => {})
    expect((await faultOf(clientFor().send({ method: 'GET', url: server.origin, headersTimeoutMs: 100 }))).facts).toMatchObject({
      code: 'outbound.no_answer',
      message: /too long to begin/,
    })
  })

  test('a POST that only reads is no unknown outcome', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.destroy()))
    expect((await faultOf(clientFor().send({ method: 'POST', url: server.origin, isRead: true }))).kind).toBe('unavailable')
  })

  test('stopped by the caller before and after sending', async () => {
    let received = 0
    await using server = await tcpServer((socket) => socket.on('data', () => received++))
    const client = clientFor()
    expect((await faultOf(client.send({ method: 'POST', url: server.origin, signal: AbortSignal.abort() }))).facts).toMatchObject({
      code: 'outbound.aborted',
      kind: 'unavailable',
    })
    const abort = new AbortController()
    const sending = faultOf(client.send({ method: 'POST', url: server.origin, signal: abort.signal }))
    await expect.poll(() => received).toBe(1)
    abort.abort()
    expect((await sending).facts).toMatchObject({ code: 'outbound.aborted', kind: 'unknown-outcome' })
  })
})

test('close waits for what is under way and ends every connection', async () => {
  let socket: Socket | undefined
  await using server = await tcpServer((connected) => {
    socket = connected
    connected.once('data', () => setTimeout(() => connected.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 50))
  })
  const client = createOutboundClient({ allowedHosts: ['127.0.0.1'], userAgent: 'x', clock: movableClock() })
  const sending = client.send({ method: 'GET', url: server.origin })
  await expect.poll(() => socket !== undefined).toBe(true)
  await client.close()
  expect((await sending).text()).toBe('ok')
  if (socket && !socket.destroyed) await once(socket, 'close')
})
