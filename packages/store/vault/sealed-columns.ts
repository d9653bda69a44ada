/**
 * Every column that holds vault envelopes, and the column whose value each envelope is bound to. Rotation and the check at start go
 * through this list; a test compares it with the schema, so that no column is forgotten.
 */
export const SEALED_COLUMNS = [
  { table: 'connections', column: 'secrets', boundTo: 'id' },
  { table: 'triggers', column: 'hook_secret', boundTo: 'id' },
  { table: 'oauth_apps', column: 'client_secret', boundTo: 'id' },
  { table: 'oauth_grants', column: 'secrets', boundTo: 'id' },
  { table: 'sign_in_key', column: 'secret', boundTo: 'id' },
  { table: 'resume_key', column: 'secret', boundTo: 'id' },
  { table: 'oauth_trips', column: 'verifier', boundTo: 'state_hash' },
  { table: 'alert_channels', column: 'secret', boundTo: 'id' },
] as const

export type SealedColumn = (typeof SEALED_COLUMNS)[number]
