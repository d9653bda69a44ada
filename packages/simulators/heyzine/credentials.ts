/**
 * Sample credentials of the simulated Heyzine. The shapes are the vendor's (CONFIRMED): client id = 16 hex, API key = 40 hex,
 * a dot and the client id. The digits are counted up so that nobody takes them for a real key.
 */
export const HEYZINE_PREMIUM = {
  clientId: '00112233aabbccdd',
  apiKey: '0123456789012345678901234567890123456789.00112233aabbccdd',
} as const

export const HEYZINE_FREE = {
  clientId: '44556677aabbccdd',
  apiKey: '9876543210987654321098765432109876543210.44556677aabbccdd',
} as const
