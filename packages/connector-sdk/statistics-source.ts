import type { Fault } from '@couplet/core'
import type { Call } from './call.ts'
import type { VendorFact } from './words.ts'

/** What a source counts for an account on a day. Absent: the vendor did not say; never 0 in its place. */
export type DayNumbers = {
  followers?: number
  impressions?: number
  reach?: number
  likes?: number
  comments?: number
  shares?: number
  posts?: number
  clicks?: number
}

/** An account figures are asked of. `account`: what the vendor's statistics know it by. */
export type SourceAccount = { account: string; platform: string; name: string; needsReconnect: boolean }
/** `windows`: sums over all days of the reading, for what the vendor does not give by day. */
export type SourceDays = {
  days: readonly { account: string; day: string; numbers: DayNumbers }[]
  windows: readonly { account: string; from: string; to: string; totals: DayNumbers }[]
}
export type SourcePost = {
  post: string
  /** Epoch ms. */
  publishedAt: number
  kind: string
  text: string
  tags: readonly string[]
  accounts: readonly string[]
  platforms: readonly string[]
}
export type SourceReactions = { likes?: number | undefined; comments?: number | undefined; shares?: number | undefined }

/**
 * Where social figures of a connection come from. Couplet decides when and what to read, keeps the history, and fills gaps; a source
 * only asks the vendor. Days are those of the place's time zone, as `2026-03-01`, both ends included.
 */
export type StatisticsSource<Connection> = {
  scopes: readonly string[]
  facts: readonly VendorFact[]
  /** What the connection is a door to. */
  place(call: Call<unknown, Connection>): Promise<{ locationId: string; name: string; zone: string }>
  accounts(call: Call<unknown, Connection>): Promise<readonly SourceAccount[]>
  /** Any days. */
  days(
    call: Call<unknown, Connection>,
    ask: { accounts: readonly SourceAccount[]; from: string; to: string; zone: string },
  ): Promise<SourceDays>
  /** How many calls `days` makes for so many days. */
  callsForDays(accounts: readonly SourceAccount[], days: number): number
  /** The 7 days before the day of `now`, for vendors that know no others. */
  lastWeek(call: Call<unknown, Connection>, ask: { accounts: readonly SourceAccount[]; zone: string }): Promise<SourceDays>
  /** True when the vendor refuses ranges of days, so that only `lastWeek` is left. */
  refusesRanges(fault: Fault): boolean
  /** Posts that came out between two moments (epoch ms). */
  posts(call: Call<unknown, Connection>, ask: { from: number; to: number }): Promise<readonly SourcePost[]>
  tags(call: Call<unknown, Connection>): Promise<readonly { tag: string; name: string }[]>
  /** What the networks say of one post; `undefined` while the vendor does not know. */
  reactions(call: Call<unknown, Connection>, post: string): Promise<SourceReactions | undefined>
}
