/** Sample credentials of the simulated Payaca; the shapes are ASSUMED. Sent as HTTP Basic (CONFIRMED). */
export const PAYACA_SAMPLE = {
  clientId: 'sample-payaca-client-id',
  clientSecret: 'sample-payaca-client-secret-0123456789',
} as const
