import { asId, bug, type IncidentId } from '@couplet/core'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

const idText = (prefix: string, bits: bigint): string =>
  `${prefix}_${bits
    .toString(32)
    .padStart(26, '0')
    .replaceAll(/./g, (digit) => ALPHABET.charAt(Number.parseInt(digit, 32)))}`

/** The smallest id something of this time (epoch ms) can have: ids begin with their time, so a range of ids is a range of times. */
export const firstId = (prefix: 'run' | 'dlv', atMs: number): string => idText(prefix, BigInt(Math.max(0, Math.floor(atMs))) << 80n)

/** Incidents are counted by the database; outside they are named like everything else. */
export function incidentId(number: string): IncidentId {
  const id = asId('inc', idText('inc', BigInt(number)))
  if (!id) throw bug(`No id for incident ${number}`)
  return id
}

/** The database's own number of an incident. */
export function incidentNumber(id: IncidentId): string {
  let bits = 0n
  for (const character of id.slice(id.indexOf('_') + 1)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character))
  // Beyond what the database counts to: no incident has it.
  return bits > 0x7fff_ffff_ffff_ffffn ? '0' : bits.toString()
}
