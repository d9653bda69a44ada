import { hash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { BoundedMap } from '@couplet/core'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}
const KEPT_BYTES_MAX = 2_000_000
const PAGE = '/index.html'

export type StaticFiles = (path: string, ifNoneMatch: string | undefined) => Promise<Response | undefined>

/**
 * Serves the files of a folder. Only files found when the server started are served, by exact path, so that no path can lead
 * out of it. A path that does not end like one of these files gets the page itself: it is an address inside the application (an operation's id has dots).
 */
export function staticFiles(folders: readonly string[]): StaticFiles {
  const folder = folders.find((candidate) => existsSync(join(candidate, 'index.html')))
  const known = new Map(folder === undefined ? [] : filesUnder(folder))
  const kept = new BoundedMap<string, { bytes: Uint8Array<ArrayBuffer>; etag: string }>(200)

  const load = async (file: string) => {
    const found = kept.get(file)
    if (found) return found
    const bytes = new Uint8Array(await readFile(file))
    const loaded = { bytes, etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"` }
    if (bytes.length <= KEPT_BYTES_MAX) kept.set(file, loaded)
    return loaded
  }

  return async (path, ifNoneMatch) => {
    const name = known.has(path) ? path : !Object.hasOwn(TYPES, extname(path)) ? PAGE : undefined
    const file = name === undefined ? undefined : known.get(name)
    if (name === undefined || file === undefined) return undefined
    const { bytes, etag } = await load(file)
    // Names of built assets hold a hash of their content.
    const caching = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', etag, 'cache-control': caching }
    return ifNoneMatch === etag ? new Response(null, { status: 304, headers }) : new Response(bytes, { headers })
  }
}

function filesUnder(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [`/${relative(folder, file).split(sep).join('/')}`, file])
}
