/**
 * The sample credentials of the simulated HighLevel, the same after every reset. All made up: they open the sandbox and nothing else.
 */

/** Scopes a Private Integration Token of a sub-account can be given. */
export const LOCATION_SCOPES: readonly string[] = [
  'socialplanner/account.readonly',
  'socialplanner/account.write',
  'socialplanner/post.readonly',
  'socialplanner/post.write',
  'socialplanner/csv.readonly',
  'socialplanner/csv.write',
  'socialplanner/category.readonly',
  'socialplanner/category.write',
  'socialplanner/tag.readonly',
  'socialplanner/oauth.readonly',
  'socialplanner/oauth.write',
  'socialplanner/statistics.readonly',
  'socialplanner/comments.readonly',
  'socialplanner/comments.write',
  'locations.readonly',
  'locations/tags.readonly',
  'locations/tags.write',
  'contacts.readonly',
  'contacts.write',
  'users.readonly',
  'medias.readonly',
  'medias.write',
]

export const HIGHLEVEL_SAMPLE = {
  companyId: 'QmZ3nLhT7xYb2RkV9sWd',
  /** Three sub-accounts, each with a token that has every scope. */
  locations: {
    plumber: { id: 'hR5tPq8LmVx2NcYb7KwZ', pit: 'pit-5a3e1c70-0001-4b6d-9f20-c0ffee000001' },
    dentist: { id: 'bS9wKd4TzJe6QaHn1UfG', pit: 'pit-5a3e1c70-0002-4b6d-9f20-c0ffee000002' },
    gardenCentre: { id: 'vG2yXm7CrBn5LtPj8EoS', pit: 'pit-5a3e1c70-0003-4b6d-9f20-c0ffee000003' },
  },
  /** Of the plumber, but without `socialplanner/tag.readonly`. */
  pitWithoutTagScope: 'pit-5a3e1c70-0004-4b6d-9f20-c0ffee000004',
  /** Of the plumber, ended yesterday. */
  expiredPit: 'pit-5a3e1c70-0005-4b6d-9f20-c0ffee000005',
  /** Of the whole agency: sub-account operations refuse it. */
  agencyPit: 'pit-5a3e1c70-0006-4b6d-9f20-c0ffee000006',
  /** Marketplace app for sub-accounts: hands out Location tokens. Installed at the plumber's and the dentist's. */
  app: {
    appId: '66a1f0c2d4e5b6a7c8d9e0f1',
    clientId: '66a1f0c2d4e5b6a7c8d9e0f1-m4k2p8x1',
    clientSecret: '7b0c5f2e-0000-4a4a-8c8c-5a3d1e000001',
    refreshToken: 'sample-refresh-token-location-0001',
    accessToken: 'sample-access-token-location-0001',
  },
  /** Marketplace app for agencies: hands out Company tokens, which mint Location tokens. */
  agencyApp: {
    appId: '66a1f0c2d4e5b6a7c8d9e0f2',
    clientId: '66a1f0c2d4e5b6a7c8d9e0f2-n7q3r9z2',
    clientSecret: '7b0c5f2e-0000-4a4a-8c8c-5a3d1e000002',
    refreshToken: 'sample-refresh-token-company-0001',
    accessToken: 'sample-access-token-company-0001',
  },
} as const
