/** Edit distance with swaps of neighbours, as people mistype; gives up above `max`. */
function distance(left: string, right: string, max: number): number {
  if (Math.abs(left.length - right.length) > max) return max + 1
  let before: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const current = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      current.push(cost)
    }
    before = previous
    previous = current
  }
  return previous[right.length] ?? max + 1
}

/** The known word a mistyped one most likely meant, or undefined when nothing is near enough (about a third of its length). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.slice(0, 60).toLowerCase()
  const max = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  let bestDistance = max + 1
  for (const candidate of known) {
    const found = distance(wanted, candidate.toLowerCase(), max)
    if (found < bestDistance) {
      best = candidate
      bestDistance = found
    }
  }
  return best
}
