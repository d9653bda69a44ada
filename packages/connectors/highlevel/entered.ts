/**
 * What can be said about a pasted token without asking HighLevel. A Private Integration Token begins with `pit-` (CONFIRMED). Keys of
 * the first API, which ended on 31 December 2025, and short-lived access tokens are both JWT-shaped (ASSUMED), so one text covers both.
 */
export function checkToken(token: string): string | undefined {
  const text = token.trim()
  if (text.startsWith('pit-')) return text.length > 8 ? undefined : 'The token looks cut off. Copy the whole token, beginning with "pit-".'
  if (/^(bearer )?eyJ/i.test(text))
    return 'This looks like an API key of the first HighLevel API, which ended in 2025, or like an access token that lasts a day. Make a Private Integration Token instead: it begins with "pit-".'
  return 'A Private Integration Token begins with "pit-". In HighLevel, open Settings, Private Integrations of the sub-account and create one.'
}

/** Location ids are opaque to us; only what can never be one is refused: an address, a token, or spaces. */
export function checkLocationId(locationId: string): string | undefined {
  if (/[\s/:]/.test(locationId) || locationId.startsWith('pit-'))
    return 'This is not a location id. It is the part after /location/ in the address of the sub-account.'
  return undefined
}
