/**
 * One limit of a vendor: at most `max` calls in any `perMs`. Pure bookkeeping; time comes in.
 *
 * A token is given back `perMs` after its call *ended*, not after it began. The vendor counted the call at some moment in between, so
 * no window of the vendor's can ever hold more than `max` calls, however long the answers take or however its windows lie. Counting
 * from the start of the call loses that: a late first arrival opens the vendor's window late, and the next hundred come too early.
 */
export type Bucket = {
  max: number
  perMs: number
  /** Calls under way. */
  inFlight: number
  /** Times at which tokens of ended calls come free, ascending. */
  freeAt: number[]
  /** Who was told to come back, and when; ascending. A promise holds a token from its time until it is redeemed or lapses. */
  promises: { holder: string; at: number }[]
}

export const newBucket = (max: number, perMs: number): Bucket => ({ max, perMs, inFlight: 0, freeAt: [], promises: [] })

/** A promise nobody came for stops holding a token after this long. */
const LAPSE_MS = 5_000

function expire(bucket: Bucket, now: number): void {
  while ((bucket.freeAt[0] ?? Number.POSITIVE_INFINITY) <= now) bucket.freeAt.shift()
  bucket.promises = bucket.promises.length === 0 ? bucket.promises : bucket.promises.filter((promise) => promise.at + LAPSE_MS > now)
}

/** True when the holder may call now; the token is then taken. Those with a due promise go before newcomers. */
export function takeToken(bucket: Bucket, holder: string, now: number): boolean {
  expire(bucket, now)
  const free = bucket.max - bucket.inFlight - bucket.freeAt.length
  const mine = bucket.promises.findIndex((promise) => promise.holder === holder)
  const due = bucket.promises.filter((promise) => promise.at <= now).length
  if (mine === -1 ? free - due < 1 : free < 1) return false
  if (mine !== -1) bucket.promises.splice(mine, 1)
  bucket.inFlight += 1
  return true
}

/** Promises the holder the earliest token that nobody else was promised; answers its time (epoch ms). */
export function promiseToken(bucket: Bucket, holder: string, now: number): number {
  expire(bucket, now)
  const known = bucket.promises.find((promise) => promise.holder === holder && promise.at > now)
  if (known) return known.at
  const ahead = bucket.promises.length
  // Tokens come free in this order: those of ended calls, then those under way (at the earliest after a whole window from now).
  const coming = [
    ...Array.from({ length: Math.max(0, bucket.max - bucket.inFlight - bucket.freeAt.length) }, () => now),
    ...bucket.freeAt,
    ...Array.from({ length: bucket.inFlight }, () => now + bucket.perMs),
  ]
  const round = Math.floor(ahead / bucket.max)
  const at = (coming[ahead % bucket.max] ?? now) + round * bucket.perMs
  const promise = { holder, at: Math.max(at, now + 1) }
  bucket.promises.push(promise)
  bucket.promises.sort((a, b) => a.at - b.at)
  return promise.at
}

/** The call has ended: its token comes back a window later. */
export function giveBack(bucket: Bucket, now: number): void {
  bucket.inFlight = Math.max(0, bucket.inFlight - 1)
  bucket.freeAt.push(now + bucket.perMs)
}

/** The vendor says fewer calls remain than we think (someone else uses the account): the difference is taken as used just now. */
export function learnRemaining(bucket: Bucket, remaining: number, now: number): void {
  expire(bucket, now)
  const ours = bucket.max - bucket.inFlight - bucket.freeAt.length
  for (let missing = ours - remaining; missing > 0; missing--) bucket.freeAt.push(now + bucket.perMs)
}
