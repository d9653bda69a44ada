const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** The smallest id something of this time (epoch ms) can have: ids begin with their time, so a range of ids is a range of times. */
export function firstId(prefix: 'run' | 'dlv', atMs: number): string {
  const digits = (BigInt(Math.max(0, Math.floor(atMs))) << 80n).toString(32).padStart(26, '0')
  return `${prefix}_${digits.replaceAll(/./g, (digit) => ALPHABET.charAt(Number.parseInt(digit, 32)))}`
}
