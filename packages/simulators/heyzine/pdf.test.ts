import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { isPrivateAddress } from './fetch-source.ts'
import { readPdf, samplePdf } from './pdf.ts'

describe('readPdf', () => {
  test.each([1, 2, 37])('counts %i plain page objects and reads the first page box', (pages) => {
    expect(readPdf(samplePdf('Guide (draft)', pages))).toEqual({ pages, aspectRatio: 0.7067 })
  })

  test('counts page objects inside compressed object streams', () => {
    const inner = deflateSync('1 0 2 20 << /Type /Page /MediaBox [0 0 200 100] >> << /Type /Page >> << /Type /Pages /Count 2 >>')
    const head = `%PDF-1.7\n5 0 obj\n<< /Type /ObjStm /N 2 /First 8 /Filter /FlateDecode /Length ${inner.length} >>\nstream\n`
    const bytes = Buffer.concat([Buffer.from(head), inner, Buffer.from('\nendstream\nendobj\n')])
    expect(readPdf(bytes)).toEqual({ pages: 2, aspectRatio: 2 })
  })

  test('a large file without structure is read in little time', () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.4 '), Buffer.from('<< /ObjStm '.repeat(20_000)), Buffer.alloc(20_000_000)])
    const startedAt = performance.now()
    expect(readPdf(bytes).pages).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test('falls back to the largest count, and to one page when nothing can be read', () => {
    expect(readPdf(Buffer.from('%PDF-1.4 << /Type /Pages /Count 4 >> << /Count 11 >>')).pages).toBe(11)
    expect(readPdf(Buffer.from('%PDF-1.4 broken /ObjStm >> stream\nxx'))).toEqual({ pages: 1, aspectRatio: 0.7067 })
  })
})

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '172.31.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '::1',
  'fd00::1',
  'fe80::1',
  '::ffff:10.0.0.1',
])('%s is no address a public service can reach', (address) => expect(isPrivateAddress(address)).toBe(true))
test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s is public', (address) => expect(isPrivateAddress(address)).toBe(false))
