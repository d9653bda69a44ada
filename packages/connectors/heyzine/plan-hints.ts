export type Plan = 'unknown' | 'free' | 'standard' | 'professional' | 'premium'

/** What the Free plan keeps (CONFIRMED). */
export const FREE_FLIPBOOKS = 5

const HINTS: Record<Plan, readonly string[]> = {
  free: ['Own logo, own address, lead forms with webhook and bookshelves need a higher plan.'],
  standard: ['Standard plan: own addresses and the leads webhook need Professional, bookshelves need Premium.'],
  professional: ['Professional plan: bookshelves, own domain and e-mail access need Premium.'],
  premium: [],
  unknown: ['Heyzine does not tell its plan. Enter it in the connection, and Couplet warns before a limit of it is met.'],
}

/** What a plan of Heyzine does not allow, as lines for the person who connects (plans as of September 2026, CONFIRMED). */
export function planHints(plan: Plan, flipbooksSeen: number): string[] {
  // More than the Free plan keeps: whatever is entered, the account is above it.
  if (flipbooksSeen > FREE_FLIPBOOKS) return plan === 'free' ? [] : [...HINTS[plan]]
  if (plan !== 'free' && plan !== 'unknown') return [...HINTS[plan]]
  const limit =
    flipbooksSeen === FREE_FLIPBOOKS
      ? `${plan === 'free' ? 'Limit of the plan met' : 'If this is the Free plan, its limit is met'}: with 5 flipbooks, converting one more removes the oldest.`
      : 'The Free plan keeps 5 flipbooks and removes the oldest when a sixth is made.'
  return [limit, ...HINTS[plan]]
}
