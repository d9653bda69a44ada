import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

const unpackGzip = promisify(gunzip)
const unpackDeflate = promisify(inflate)
const unpackRawDeflate = promisify(inflateRaw)
const unpackBrotli = promisify(brotliDecompress)

/** What `accept-encoding` says we can read. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br'

/** More bytes than allowed, before or after unpacking. */
export class TooLarge extends Error {}

/**
 * Undoes a `content-encoding`. `bytesMax` bounds the unpacked size while it is being unpacked, so a small answer that unpacks to
 * gigabytes costs at most that much memory. Throws `TooLarge`, or the error of zlib for damaged bytes or an unknown encoding.
 */
export async function decompress(bytes: Uint8Array, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
  const options = { maxOutputLength: bytesMax }
  try {
    switch (encoding?.trim().toLowerCase()) {
      case undefined:
      case '':
      case 'identity':
        return bytes
      case 'gzip':
      case 'x-gzip':
        return await unpackGzip(bytes, options)
      case 'br':
        return await unpackBrotli(bytes, options)
      case 'deflate':
        // Servers disagree whether "deflate" has the zlib wrapping, whose first byte has 8 in its low half.
        return ((bytes[0] ?? 0) & 0x0f) === 8 ? await unpackDeflate(bytes, options) : await unpackRawDeflate(bytes, options)
      default:
        throw new Error(`it is packed as "${encoding}", which was not asked for`)
    }
  } catch (error) {
    if (error instanceof RangeError) throw new TooLarge('too large', { cause: error })
    throw error
  }
}
