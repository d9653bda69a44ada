import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Lets the couplet command in on the machine Couplet runs on: a fresh token for each start, in a file of the data folder that only the
 * user who runs Couplet can read. Whoever can read that folder can read the vault key beside it, so this opens nothing new. It is named
 * after the port, so that two processes on one folder keep apart, and it is gone when Couplet stops.
 */
export type LocalToken = AsyncDisposable & { readonly token: string; matches(text: string): boolean }

const hashOf = (text: string): Buffer => hash('sha256', text, 'buffer')
const fileOf = (dataDir: string, port: number): string => join(dataDir, `local-token-${port}`)

export async function createLocalToken(dataDir: string, port: number): Promise<LocalToken> {
  const file = fileOf(dataDir, port)
  const token = `local_${randomBytes(32).toString('base64url')}`
  const hash = hashOf(token)
  // An older file keeps its mode when written over, so it goes first.
  await rm(file, { force: true })
  await writeFile(file, token, { mode: 0o600, flag: 'wx' })
  return {
    token,
    matches: (text) => timingSafeEqual(hashOf(text), hash),
    [Symbol.asyncDispose]: () => rm(file, { force: true }),
  }
}

/** The token of the Couplet that runs on this data folder and port; `undefined` when none does, or this user may not read it. */
export const readLocalToken = (dataDir: string, port: number): Promise<string | undefined> =>
  readFile(fileOf(dataDir, port), 'utf8').catch(() => undefined)
