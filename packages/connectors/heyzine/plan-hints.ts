export type Plan = 'unknown' | 'free' | 'standard' | 'professional' | 'premium'

const HINTS: Record<Plan, readonly string[]> = {
  free: ['Own logo, own address, lead forms with webhook and bookshelves need a higher plan.'],
  standard: ['Standard plan: own addresses and the leads webhook need Professional, bookshelves need Premium.'],
  professional: ['Professional plan: bookshelves, own domain and e-mail access need Premium.'],
  premium: [],
  unknown: ['Heyzine does not tell its plan: on the Free plan a sixth flipbook removes the oldest, and bookshelves need Premium.'],
}

/** What a plan of Heyzine does not allow, as lines for the person who connects (plans as of September 2026, CONFIRMED). */
export function planHints(plan: Plan, flipbooksSeen: number): string[] {
  if (plan !== 'free') return [...HINTS[plan]]
  const limit =
    flipbooksSeen >= 5
      ? 'Free plan with 5 flipbooks: converting one more removes the oldest.'
      : 'Free plan: Heyzine keeps 5 flipbooks and removes the oldest when a sixth is made.'
  return [limit, ...HINTS.free]
}
