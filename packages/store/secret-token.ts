import { hash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32

/** A token of 256 random bits and the hash to keep of it. Too long to be guessed, so a plain hash is enough. */
export function newToken(prefix = ''): { token: string; hash: Buffer } {
  const token = `${prefix}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  return { token, hash: hashOf(token) }
}

export const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer')
