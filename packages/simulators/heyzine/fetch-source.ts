import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'

const SOURCE_BYTES_MAX = 100_000_000
const SOURCE_TIMEOUT_MS = 60_000

export type FetchedSource = { ok: true; status: number; contentType: string; bytes: Uint8Array } | { ok: false; why: string }

const unreachable = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  unreachable.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  unreachable.addSubnet(network, prefix, 'ipv6')
}

/** True for an address that a service on the public internet cannot reach. */
export const isPrivateAddress = (address: string): boolean => unreachable.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

async function reachesPublicHost(host: string): Promise<boolean> {
  if (host === 'localhost' || /\.(localhost|local|internal|lan)$/.test(host)) return false
  const found = await lookup(host.replaceAll(/^\[|\]$/g, ''), { all: true }).catch(() => [])
  return found.length > 0 && found.every(({ address }) => !isPrivateAddress(address))
}

async function readBounded(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > SOURCE_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Fetches a source as Heyzine does (CONFIRMED): one plain GET, no redirects followed, no credentials, no private address
 * unless `allowPrivate`. Never throws; `why` says in words what went wrong.
 */
export async function fetchSource(sourceUrl: string, options: { allowPrivate: boolean; userAgent: string }): Promise<FetchedSource> {
  const url = URL.parse(sourceUrl)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return { ok: false, why: 'not a http address' }
  if (url.username || url.password) return { ok: false, why: 'the address carries credentials' }
  if (!options.allowPrivate && !(await reachesPublicHost(url.hostname))) return { ok: false, why: 'the address is not public' }
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { 'user-agent': options.userAgent, accept: '*/*' },
      signal: AbortSignal.timeout(SOURCE_TIMEOUT_MS),
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      return { ok: false, why: 'the address redirects' }
    }
    const bytes = await readBounded(response)
    if (!bytes) return { ok: false, why: 'the file is too large' }
    return { ok: true, status: response.status, contentType: response.headers.get('content-type') ?? '', bytes }
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) }
  }
}
