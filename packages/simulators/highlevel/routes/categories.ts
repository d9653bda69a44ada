import { inLocation, rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation, social } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { SearchQuery } from './tags.ts'

const SCOPES = ['socialplanner/category.readonly']

export const categoryOperations: readonly Operation[] = [
  operation({
    id: 'get-categories-location-id',
    method: 'GET',
    path: '/social-media-posting/:locationId/categories',
    tokens: LOCATION_TOKENS,
    scopes: SCOPES,
    query: SearchQuery,
    run: ({ context, params, query }) => {
      const wanted = query.searchText?.toLowerCase() ?? ''
      const categories = inLocation(context.state.categories, params['locationId'] ?? '').filter(
        (row) => !row.deleted && row.name.toLowerCase().includes(wanted),
      )
      return social(200, 'Fetched Categories by Location ID', { count: categories.length, categories: pageOf(context, categories, query) })
    },
  }),
  operation({
    id: 'get-categories-id',
    method: 'GET',
    path: '/social-media-posting/:locationId/categories/:id',
    tokens: LOCATION_TOKENS,
    scopes: SCOPES,
    run: ({ context, params }) => {
      const category = rowBy(context.state.categories, '_id', params['id'] ?? '')
      const isKnown = category !== undefined && category.locationId === params['locationId']
      // The published schema has a `message` member "Category not found" inside the category of a 200 answer.
      return social(200, 'Fetched Category', { category: isKnown ? category : { deleted: false, message: 'Category not found' } })
    },
  }),
]
