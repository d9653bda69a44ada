import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attackWorld, type AttackWorld, outpost, type Outpost, pill } from './attack-world.ts'

/*
 * A flow's author, a vendor's redirect or data from outside can name any address. What is not on the public internet must never be reached.
 * (Names that resolve differently a moment later are tested where the socket is opened: packages/engine/outbound/address-guard.test.ts.)
 */

let inside: Outpost
let outside: Outpost
let world: AttackWorld
let read = ''
beforeAll(async () => {
  inside = await outpost()
  outside = await outpost((request, response) => {
    if (request.url === '/bomb')
      return response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(60_000_000, 32)))
    if (request.url === '/flood') {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const chunk = Buffer.alloc(1_000_000, 97)
      for (let count = 0; count < 40; count++) response.write(chunk)
      return response.end()
    }
    return response.writeHead(302, { location: `${inside.url}/secret` }).end()
  })
  world = await attackWorld({ settings: { COUPLET_ALLOWED_HOSTS: outside.host } })
  read = await world.flow(
    'Read an address',
    ['url'],
    [
      {
        id: 'read',
        kind: 'action',
        operation: 'builtin.http.read',
        version: 1,
        input: { url: pill('trigger', 'values', 'url') },
      },
    ],
  )
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await inside[Symbol.asyncDispose]()
  await outside[Symbol.asyncDispose]()
})

describe('an address inside the network is refused, and nothing is sent', () => {
  test.each([
    ['as it is', (port: number) => `http://127.0.0.1:${port}/`],
    ['as one decimal number', (port: number) => `http://2130706433:${port}/`],
    ['in hexadecimal', (port: number) => `http://0x7f.0.0.1:${port}/`],
    ['in octal', (port: number) => `http://0177.0.0.1:${port}/`],
    ['shortened', (port: number) => `http://127.1:${port}/`],
    ['by name', (port: number) => `http://localhost:${port}/`],
    ['IPv6', (port: number) => `http://[::1]:${port}/`],
    ['IPv4 mapped into IPv6', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
    ['IPv4 in NAT64', (port: number) => `http://[64:ff9b::7f00:1]:${port}/`],
    ['all interfaces', (port: number) => `http://0.0.0.0:${port}/`],
    ['metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['private network', () => 'http://10.0.0.1/'],
    ['with a password in it', (port: number) => `http://a:b@127.0.0.1:${port}/`],
    ['a redirect that points inside', () => `${outside.url}/redirect`],
  ])('%s', async (_name, address) => {
    const run = await world.run(read, { url: address(inside.port) })
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'outbound.refused' } })
    expect(run.fault?.hint).toBeTruthy()
    expect(inside.requests).toEqual([])
  })

  test('a file', async () => {
    expect(await world.run(read, { url: 'file:///etc/passwd' })).toMatchObject({ state: 'failed' })
  })
})

describe('an answer meant to fill the memory is cut off and said', () => {
  test.each([
    ['packed: 60 kB that unpack to 60 MB', '/bomb'],
    ['without end', '/flood'],
  ])('%s', async (_name, path) => {
    const before = process.memoryUsage().rss
    const run = await world.run(read, { url: `${outside.url}${path}` })
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'outbound.unreadable_answer' } })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})
