import { inflateSync } from 'node:zlib'
import { userFault } from '@couplet/core'

const BYTES_MAX = 400_000
const SIDE_MAX = 2_400
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Samples of a pixel by PNG colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

const refuse = (why: string) =>
  userFault({
    code: 'brand.logo',
    message: `This logo cannot be used: ${why}.`,
    hint: `Choose a PNG or JPEG of at most ${BYTES_MAX / 1_000} kB and ${SIDE_MAX} pixels a side.`,
    fields: { logo: why },
  })

/**
 * Reads a logo and decodes it as far as the typesetter will: a broken one would end the process there. Throws `brand.logo` with what is wrong.
 */
export function readLogo(base64: string): { bytes: Uint8Array; contentType: 'image/png' | 'image/jpeg' } {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0) throw refuse('it is empty')
  if (bytes.length > BYTES_MAX) throw refuse('it is too large')
  if (bytes.subarray(0, PNG.length).equals(PNG)) {
    checkPng(bytes)
    return { bytes, contentType: 'image/png' }
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    checkJpeg(bytes)
    return { bytes, contentType: 'image/jpeg' }
  }
  throw refuse('it is neither PNG nor JPEG')
}

function checkSides(width: number, height: number): void {
  if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) throw refuse(`it is ${width} by ${height} pixels`)
}

function checkPng(bytes: Buffer): void {
  const data: Buffer[] = []
  let head: { width: number; height: number; depth: number; kind: number; isInterlaced: boolean } | undefined
  let isWhole = false
  for (let at = PNG.length; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (at + 12 + length > bytes.length) throw refuse('it is cut off')
    const content = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR' && length === 13)
      head = {
        width: content.readUInt32BE(0),
        height: content.readUInt32BE(4),
        depth: content.readUInt8(8),
        kind: content.readUInt8(9),
        isInterlaced: content.readUInt8(12) === 1,
      }
    if (type === 'IDAT') data.push(content)
    if (type === 'IEND') {
      isWhole = true
      break
    }
    at += 12 + length
  }
  const samples = head && SAMPLES[head.kind]
  if (!head || !isWhole || samples === undefined) throw refuse('it is not a whole PNG')
  if (head.isInterlaced || head.depth === 16) throw refuse('interlaced and 16-bit PNG files are not supported')
  checkSides(head.width, head.height)
  const expected = head.height * (1 + Math.ceil((head.width * samples * head.depth) / 8))
  let pixels
  try {
    pixels = inflateSync(Buffer.concat(data), { maxOutputLength: expected + 1 })
  } catch {
    throw refuse('its pixels cannot be read')
  }
  if (pixels.length !== expected) throw refuse('pixels are missing')
}

/** Markers that carry the size of the picture (C4, C8 and CC mean other things). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

function checkJpeg(bytes: Buffer): void {
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) break
    const marker = bytes.readUInt8(at + 1)
    if (isFrame(marker)) {
      checkSides(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5))
      return
    }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  throw refuse('it is not a whole JPEG')
}
