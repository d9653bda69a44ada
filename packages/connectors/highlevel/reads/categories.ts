import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { CategoriesReply } from '../schemas/category.ts'
import { DATED } from '../version-headers.ts'

/** A page of categories; `skip` and `limit` are text on the wire (REPORTED: numbers answer 422). */
export const readCategories = (
  { http, connection }: HighlevelCall,
  ask: { skip?: number; limit?: number; searchText?: string | undefined },
) =>
  http({
    method: 'GET',
    path: path`/social-media-posting/${connection.locationId}/categories`,
    query: { skip: String(ask.skip ?? 0), limit: String(ask.limit ?? 100), searchText: ask.searchText },
    headers: DATED,
    reply: CategoriesReply,
  })
