/** The name of an account's buckets: the app, if a consent was given to one, and the account behind the address it is reached at. The account is last: screens show it. */
export const bucketAccountOf = (origin: string | null, appClientId: string | null, accountId: string): string =>
  [origin ?? '', ...(appClientId === null ? [] : [appClientId]), accountId].join('|')
