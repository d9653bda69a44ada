import { api } from '../../server/client.ts'

/** A consent under way is kept by its state: the answer of the vendor names that, and only this browser knows the binding. */
const keyOf = (state: string): string => `couplet.consent.${state}`

type Begun = { url: string; state: string; binding: string }

/** Leaves for the vendor's consent page. */
export function leaveForConsent({ url, state, binding }: Begun, more: Record<string, string> = {}): void {
  localStorage.setItem(keyOf(state), JSON.stringify({ binding, ...more }))
  window.location.assign(url)
}

/** True on the way back of a trip that a connect link began: then there is nobody signed in. */
export function isTripOfLink(returned: string): boolean {
  const text = localStorage.getItem(keyOf(new URLSearchParams(returned).get('state') ?? ''))
  return text !== null && text.includes('"link"')
}

export type TripKept = { binding: string; link?: string }

/** What was kept for this state; it is forgotten with the look, since a trip is finished once. */
export function takeTrip(returned: string): TripKept {
  const state = new URLSearchParams(returned).get('state') ?? ''
  const text = localStorage.getItem(keyOf(state))
  localStorage.removeItem(keyOf(state))
  const kept: unknown = text === null ? undefined : JSON.parse(text)
  if (typeof kept !== 'object' || kept === null || !('binding' in kept) || typeof kept.binding !== 'string') return { binding: '' }
  return { binding: kept.binding, ...('link' in kept && typeof kept.link === 'string' ? { link: kept.link } : {}) }
}

export const beginConsent = async (body: Parameters<typeof api.oauth.begin>[0]['body']): Promise<void> =>
  leaveForConsent(await api.oauth.begin({ body }))
