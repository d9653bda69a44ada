/** The clocks of HighLevel and of Couplet may differ by this much. ASSUMED: both follow the time of the network. */
const SKEW_MS = 10_000
const DAY_MS = 86_400_000

/**
 * True when HighLevel made it after this write was first sent: what another run made with the same content before is not this one's. An entry
 * without a time is taken (REPORTED: what was made a moment ago may have none yet). Without `sentFrom` nothing older than a day is.
 */
export const isMadeSince = (madeAt: string | undefined, { sentFrom, nowMs }: { sentFrom: number | undefined; nowMs: number }): boolean =>
  madeAt === undefined || Date.parse(madeAt) >= (sentFrom === undefined ? nowMs - DAY_MS : sentFrom - SKEW_MS)
