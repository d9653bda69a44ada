import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attackWorld, type AttackWorld, outpost, type Outpost, pill } from './attack-world.ts'

/*
 * A flow's author, a vendor's redirect or data from outside can name any address. What is not on the public internet must never be reached.
 * (Names that resolve differently a moment later are tested where the socket is opened: packages/engine/outbound/address-guard.test.ts.)
 */

/** Blanks that pack a thousandfold. */
const BLANKS = Buffer.alloc(100_000_000, 32)

/** A document of one page that is 100 MB of blanks, packed to 100 kB. */
function pdfBomb(): Buffer {
  const packed = deflateSync(BLANKS)
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n1 0 obj\n<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from('\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF'),
  ])
}

/** An archive with one file, 100 MB of blanks. */
function zipBomb(): Buffer {
  const packed = deflateRawSync(BLANKS)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(8, 8)
  head.writeUInt32LE(packed.length, 18)
  head.writeUInt32LE(BLANKS.length, 22)
  head.writeUInt16LE(1, 26)
  return Buffer.concat([head, Buffer.from('a'), packed])
}

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
    if (request.url === '/twice')
      return response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip, gzip' })
        .end(gzipSync(gzipSync(Buffer.alloc(60_000_000, 32))))
    if (request.url === '/pdf') return response.writeHead(200, { 'content-type': 'application/pdf' }).end(pdfBomb())
    if (request.url === '/zip') return response.writeHead(200, { 'content-type': 'application/zip' }).end(zipBomb())
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
    ['packed twice, so that the first unpacking looks small', '/twice'],
    ['without end', '/flood'],
  ])('%s', async (_name, path) => {
    const before = process.memoryUsage().rss
    const run = await world.run(read, { url: `${outside.url}${path}` })
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'outbound.unreadable_answer' } })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  test.each([
    ['a document (PDF)', '/pdf'],
    ['an archive (ZIP)', '/zip'],
  ])('%s that would unpack to 100 MB is handed on as it came, and nothing of it is unpacked', async (_name, path) => {
    const before = process.memoryUsage().rss
    const run = await world.run(read, { url: `${outside.url}${path}` })
    expect(run).toMatchObject({ state: 'done', steps: [{ output: { body: expect.stringMatching(/^(%PDF-1\.4|PK)/) } }] })
    expect(JSON.stringify(run.steps[0]?.output).length).toBeLessThan(500_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })
})
