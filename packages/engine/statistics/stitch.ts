/** What is known of one day. `isEstimated`: worked out from a window before, not read. */
export type KnownDay = { value: number; isEstimated: boolean }

/** Whole numbers that add up to the total, as even as can be. */
function spread(total: number, parts: number): number[] {
  const each = Math.floor(total / parts)
  return Array.from({ length: parts }, (_part, at) => each + (at < total - each * parts ? 1 : 0))
}

/**
 * Days out of a sum over a window. Windows overlap: where all but one day are known, the rest of the sum is that day. What was read stays; the rest
 * goes to days nobody knows, or, when there are none, corrects earlier estimates. The days of the window always add up to its sum, unless what
 * was read is more already. Answers only days that change; all of them are estimates.
 */
export function stitchWindow(days: readonly string[], known: ReadonlyMap<string, KnownDay>, total: number): Map<string, number> {
  const found = days.map((day) => ({ day, known: known.get(day) }))
  const sum = (isEstimated: boolean) =>
    found.reduce((added, { known: one }) => added + (one?.isEstimated === isEstimated ? one.value : 0), 0)
  const unknown = found.filter((one) => one.known === undefined)
  const estimated = found.filter((one) => one.known?.isEstimated === true)
  const rest = total - sum(false) - sum(true)
  if (rest === 0 && unknown.length === 0) return new Map()
  if (unknown.length > 0 && rest >= 0) {
    const parts = spread(rest, unknown.length)
    return new Map(unknown.map(({ day }, at) => [day, parts[at] ?? 0]))
  }
  // The vendor has corrected the window: earlier estimates give or take their share.
  const open = [...estimated, ...unknown]
  if (open.length === 0) return new Map()
  const parts = spread(Math.max(0, total - sum(false)), open.length)
  return new Map(open.map(({ day }, at) => [day, parts[at] ?? 0]))
}
