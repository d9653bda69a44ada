import { hash } from 'node:crypto'
import { Fault } from '@couplet/core'
import type { Store } from '@couplet/store'

const QUARTER_HOUR_MS = 15 * 60_000

/** Tries in a quarter of an hour: by account, so that many machines together get no further; by address, so that one machine does not go on with the next account. `mail`: to one mailbox. */
const RULES = { password: 10, link: 20, address: 100, mail: 3 } as const

export type Limits = {
  /** Counts a try. Throws `account.too_many_tries`, saying when to come back. */
  count(what: keyof typeof RULES, whose: string): Promise<void>
  /** After a success: the account's own tries are forgotten. */
  forget(what: 'password', whose: string): Promise<void>
}

/** Slows down whoever guesses. Counts are in the database: they hold for all processes and over a restart. */
export function createLimits(store: Store): Limits {
  const keyOf = (what: string, whose: string) => `${what}:${hash('sha256', whose, 'base64url')}`
  return {
    count: async (what, whose) => {
      const retryAt = await store.attempts.count(keyOf(what, whose), { max: RULES[what], windowMs: QUARTER_HOUR_MS })
      if (retryAt === undefined) return
      throw new Fault({
        code: 'account.too_many_tries',
        kind: 'throttled',
        message: 'Too many tries.',
        hint: `Wait ${Math.max(1, Math.ceil((retryAt - Date.now()) / 60_000))} minutes, then try again.`,
        retryAt,
      })
    },
    forget: (what, whose) => store.attempts.forget(keyOf(what, whose)),
  }
}
