import { z } from 'zod'
import { isOn } from '../context.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation, social } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { listOf, numberString, text } from '../schema.ts'
import { objectId } from '../ids.ts'

const SCOPES = ['socialplanner/tag.readonly']
export const SearchQuery = z.object({ searchText: text().optional(), skip: numberString().optional(), limit: numberString().optional() })

/** Newest first: a new row shifts the pages of a scan under way. */
const newestFirst = <Row>(rows: readonly Row[]): readonly Row[] => rows.toReversed()

export const tagOperations: readonly Operation[] = [
  operation({
    id: 'get-tags-location-id',
    method: 'GET',
    path: '/social-media-posting/:locationId/tags',
    tokens: LOCATION_TOKENS,
    scopes: SCOPES,
    query: SearchQuery,
    run: ({ context, params, query }) => {
      const wanted = query.searchText?.toLowerCase() ?? ''
      const showsDeleted = isOn(context, 'deletedTagsStayListed')
      const tags = inLocation(context.state.plannerTags, params['locationId'] ?? '').filter(
        (row) => (showsDeleted || !row.deleted) && (wanted === '' || row.tag.toLowerCase().includes(wanted)),
      )
      return social(200, 'Fetched Tags by Location ID', { tags: pageOf(context, newestFirst(tags), query), count: tags.length })
    },
  }),
  operation({
    id: 'get-tags-by-ids',
    method: 'POST',
    path: '/social-media-posting/:locationId/tags/details',
    tokens: LOCATION_TOKENS,
    scopes: SCOPES,
    body: z.strictObject({ tagIds: listOf(text()) }),
    run: ({ context, params, body }) => {
      const tags = body.tagIds
        .map((id) => rowBy(context.state.plannerTags, '_id', id))
        .filter((row) => row !== undefined && row.locationId === params['locationId'])
      return social(201, 'Fetched Tags by Tag IDs', { tags, count: tags.length })
    },
  }),
  operation({
    id: 'create-planner-tag',
    mark: 'REPORTED',
    method: 'POST',
    path: '/social-media-posting/:locationId/tags',
    exists: { v2: true, v3: true },
    tokens: LOCATION_TOKENS,
    scopes: [],
    body: z.object({ tag: text().optional(), name: text().optional() }),
    run: ({ context, params, body, token }) => {
      const now = new Date(context.clock.now()).toISOString()
      const tag = {
        _id: objectId(),
        tag: body.tag ?? body.name ?? '',
        locationId: params['locationId'] ?? '',
        createdBy: token.userId,
        deleted: false,
        createdAt: now,
        updatedAt: now,
      }
      return social(201, 'Created Tag', { tag })
    },
  }),
]
