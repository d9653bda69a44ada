import { type ConnectionTest, Fault, type Http } from '@couplet/connector-sdk'
import { z } from 'zod'
import { FREE_FLIPBOOKS, type Plan, planHints } from './plan-hints.ts'

const Rows = z.array(z.looseObject({ id: z.string() }))
const TITLES: Record<Plan, string> = {
  unknown: 'unknown',
  free: 'Free',
  standard: 'Standard',
  professional: 'Professional',
  premium: 'Premium',
}

/**
 * Asks Heyzine whether the key works, and meets the limits of the plan that can be met by reading: how many flipbooks are kept, and whether
 * bookshelves answer. A key that is refused throws; the plan only gives warnings.
 */
export async function testConnection(http: Http, chosen: Plan): Promise<ConnectionTest> {
  // One more than the Free plan keeps tells it from the others.
  const flipbooks = await http({ method: 'GET', path: '/flipbook-list', query: { limit: FREE_FLIPBOOKS + 1 }, reply: Rows })
  const ok = ['The API key works.', flipbooksInWords(flipbooks.length)]
  const shelves = await bookshelves(http)
  if (typeof shelves === 'number') ok.push(`Bookshelves can be used (${shelves}); they need the Premium plan.`)
  const isAboveFree = flipbooks.length > FREE_FLIPBOOKS
  const warnings: string[] = []
  if (shelves instanceof Fault)
    warnings.push(
      shelves.code === 'heyzine.plan_too_low'
        ? 'Limit of the plan met: bookshelves are not included.'
        : `Whether bookshelves can be used is not known: ${shelves.message}`,
    )
  if (typeof shelves === 'number' && chosen !== 'premium' && chosen !== 'unknown')
    warnings.push(`The connection says ${TITLES[chosen]}, but the account answers like Premium. Correct the plan in the connection.`)
  if (shelves instanceof Fault && shelves.code === 'heyzine.plan_too_low' && chosen === 'premium')
    warnings.push('The connection says Premium, but the account answers like a lower plan. Correct the plan in the connection.')
  if (isAboveFree && chosen === 'free')
    warnings.push('The connection says Free, but the account keeps more flipbooks than that. Correct the plan in the connection.')
  const isPremium = typeof shelves === 'number'
  return { ok, warnings: isPremium ? warnings : [...warnings, ...planHints(chosen, flipbooks.length)] }
}

const flipbooksInWords = (count: number): string =>
  count === 0
    ? 'The account has no flipbook yet.'
    : count > FREE_FLIPBOOKS
      ? `The account has more than ${FREE_FLIPBOOKS} flipbooks, so its plan is above Free.`
      : `The account has ${count === 1 ? 'one flipbook' : `${count} flipbooks`}.`

/** How many there are, or why they cannot be read. A key that works for one list and not for the other is a matter of the plan. */
async function bookshelves(http: Http): Promise<number | Fault> {
  try {
    return (await http({ method: 'GET', path: '/bookshelf-list', reply: Rows })).length
  } catch (error) {
    if (error instanceof Fault && error.kind !== 'unavailable') return error
    throw error
  }
}
