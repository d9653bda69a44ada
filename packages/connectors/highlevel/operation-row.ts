import type { Scope } from './scopes.ts'

/** How an operation of HighLevel gives long lists. */
type Paging = 'none' | 'skip and limit as text' | 'skip and limit as numbers' | 'page and searchAfter' | 'offset and limit as text'

/**
 * One operation of HighLevel as facts: what the explorer shows and what the generic actions need. `effect` is what a repeat of the call
 * does: `harmless` sets a whole value, `look-up` has a read that shows whether it happened, `never` has none.
 */
export type OperationRow = {
  /** The vendor's operationId; rows of the newer generation begin with `v3:`. */
  id: string
  title: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `{name}` for each part that is filled in. */
  path: string
  version: '2021-07-28' | 'v3'
  scopes: readonly Scope[]
  paging: Paging
  effect: 'read' | 'harmless' | 'look-up' | 'never'
  /** Where the location goes when it is not part of the path; `altId` is the media library's name for it. */
  locationIn?: 'query' | 'body' | 'altId'
  /** Why the generic actions cannot perform it. */
  blocked?: string
}
