import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { BoundedMap, type Fault, userFault } from '@couplet/core'
import ipaddr from 'ipaddr.js'

/*
 * Decides where Couplet may connect to. A flow's author, a vendor's redirect and a DNS server can all name an address, so the
 * rule holds at two places: `check` before a request is queued (protocol, port, literal addresses) and `lookup` while the socket
 * is opened (what the name really resolves to).
 *
 * Invariant: the addresses `lookup` hands to the socket are the very ones it has checked. A name that resolves differently a
 * moment later (DNS rebinding) changes nothing.
 */

/** Services that listen above 1023 and speak no HTTP, or grant too much to whoever can reach them. */
const CLOSED_PORTS = new Set([
  1433, 1434, 1521, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3260, 3306, 3389, 4369, 5060, 5061, 5432, 5433, 5671, 5672, 5900, 5984, 5985,
  5986, 6000, 6379, 6380, 6443, 6666, 6667, 6697, 7000, 7001, 8086, 8500, 9042, 9092, 9160, 9200, 9300, 10250, 10255, 11211, 15672, 27017,
  27018, 27019, 50000,
])
const ORIGINS_KEPT_MAX = 512
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

export type AddressGuard = {
  /** Throws `outbound.refused`, naming the rule, unless a request to this URL may be sent. */
  check(url: URL, carriesSecret: boolean): void
  /** True when the operator allows this host and port although the rules would not. */
  isAllowed(hostname: string, port: number): boolean
  /** Resolves a name for a socket; fails with `outbound.refused` when any of its addresses is not a public one. */
  lookup: LookupFunction
}

/** Resolves a name to all its addresses; `node:dns` unless a test brings its own. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** The port a URL really means. */
export const portOf = (url: { protocol: string; port: string }): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)

/**
 * True for an address on the public internet. Everything else is refused: loopback, private, link-local (and with it the metadata
 * services of clouds), carrier-grade NAT, multicast, reserved, and IPv6 forms that wrap an IPv4 address (mapped, compatible, 6to4,
 * Teredo, NAT64): what they wrap could be any of the former.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  // The library calls `::7f00:1` (an IPv4 address in an obsolete wrapping) unicast; only 2000::/3 is routed in the internet.
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GLOBAL_IPV6)
}

const refused = (rule: string, message: string, hint: string): Fault =>
  userFault({ code: 'outbound.refused', message, hint, details: { rule } })

const refusedAddress = (host: string): Fault =>
  refused(
    'address',
    `${host} is not an address on the public internet, and Couplet does not connect to private networks.`,
    'If this host belongs to you and should be reached, add it to the allowed hosts of this installation.',
  )

const bare = (hostname: string): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname)

function readAllowedHosts(entries: readonly string[]): ReadonlySet<string> {
  const allowed = new Set<string>()
  for (const entry of entries) {
    const port = /^(?:\[[^\]]*\]|[^:]+):(\d+)$/.exec(entry.trim())?.[1]
    const url = URL.canParse(`http://${entry.trim()}`) ? new URL(`http://${entry.trim()}`) : undefined
    if (!url || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '')
      throw userFault({
        code: 'settings.allowed_host',
        message: `"${entry}" is not a host.`,
        hint: 'Write a host, or a host and a port: intranet.example.org, 127.0.0.1:4010, [::1]:4010.',
      })
    allowed.add(port === undefined ? bare(url.hostname) : `${bare(url.hostname)} ${Number(port)}`)
  }
  return allowed
}

/**
 * Makes the guard. An entry `host:port` allows exactly that; an entry `host` lifts the address and https rules for the host, but its
 * ports stay bounded, so that allowing `localhost` for a web application does not open the database beside it.
 */
export function createAddressGuard(allowedHosts: readonly string[], resolve: Resolve = dnsLookup): AddressGuard {
  const allowed = readAllowedHosts(allowedHosts)
  // Origins that passed, so that the hot path is one look-up; a refusal is made anew each time, with its own words.
  const passed = new BoundedMap<string, true>(ORIGINS_KEPT_MAX)

  const isAllowed = (hostname: string, port: number): boolean => allowed.has(bare(hostname)) || allowed.has(`${bare(hostname)} ${port}`)

  function checkOrigin(url: URL, carriesSecret: boolean): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refused('protocol', `Couplet does not send to ${url.protocol} addresses.`, 'Use an address that begins with https://.')
    const port = portOf(url)
    const host = bare(url.hostname)
    const isPortNamed = allowed.has(`${host} ${port}`)
    const isOrdinaryPort = port === 80 || port === 443 || (port >= 1024 && port <= 65_535 && !CLOSED_PORTS.has(port))
    if (!isPortNamed && !isOrdinaryPort)
      throw refused(
        'port',
        `Port ${port} is not one that Couplet sends to.`,
        `If a web service really listens there, add ${url.hostname}:${port} to the allowed hosts of this installation.`,
      )
    if (isAllowed(host, port)) return
    if (ipaddr.isValid(host) && !isPublicAddress(host)) throw refusedAddress(url.hostname)
    if (carriesSecret && url.protocol !== 'https:')
      throw refused('https', `Couplet does not send credentials to ${url.host} without encryption.`, 'Change the address to https://.')
  }

  return {
    isAllowed,
    check(url, carriesSecret) {
      if (url.username !== '' || url.password !== '')
        throw refused(
          'credentials-in-url',
          'The address holds a user name or password.',
          'Take them out of the address and keep them in a connection.',
        )
      const key = carriesSecret ? `${url.origin} secret` : url.origin
      // A protocol without origin (`file:`) has the origin "null", which must never be remembered as passed.
      if (passed.get(key)) return
      checkOrigin(url, carriesSecret)
      passed.set(key, true)
    },
    lookup(hostname, options, done) {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, [])
        const first = addresses[0]
        if (!first) return done(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), [])
        // One bad address spoils all: a name that points inside and outside is an attack or a mistake.
        if (addresses.some(({ address }) => !isPublicAddress(address))) return done(refusedAddress(hostname), [])
        if (options.all) return done(null, addresses)
        return done(null, first.address, first.family)
      })
    },
  }
}
