import { BlockList, isIP } from 'node:net'

/** Turns the peer of a connection and its `X-Forwarded-For` into the caller's address. */
export type ClientIp = (peer: string | undefined, forwardedFor: string | undefined) => string

/** IPv4 as IPv6 writes it (`::ffff:10.0.0.1`) is the same address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * Proxies are believed what they say about the one before them, walking back until the first that is no proxy of ours: what a
 * caller writes into the header itself is never reached. `proxies`: addresses, or networks as `10.0.0.0/8`.
 */
export function clientIp(proxies: readonly string[]): ClientIp {
  const trusted = new BlockList()
  for (const entry of proxies) {
    const [address = '', bits] = entry.split('/')
    if (bits === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(bits), familyOf(address))
  }
  const isTrusted = (address: string): boolean => isIP(address) !== 0 && trusted.check(address, familyOf(address))
  return (peer, forwardedFor) => {
    let address = plain(peer ?? '')
    const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()))
    while (isTrusted(address)) {
      const before = hops.pop()
      if (before === undefined || isIP(before) === 0) break
      address = before
    }
    return address === '' ? 'unknown' : address
  }
}
