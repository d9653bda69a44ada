import { z } from 'zod'
import { invalid, refuse } from '../errors.ts'
import { shortId } from '../ids.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { ANY_TOKEN, flat, LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { numberString, oneOf, text } from '../schema.ts'
import type { Location, LocationTag } from '../state.ts'
import type { Highlevel } from '../context.ts'

const shown = (row: Location): Record<string, unknown> => {
  const { isActive: _, ...location } = row
  const { name, address, city, state, country, postalCode, website, timezone } = location
  return { ...location, business: { name, address, city, state, country, postalCode, website, timezone }, social: {} }
}

const TagBody = z.strictObject({ name: text().min(1, { error: 'should not be empty' }) })
const READ = ['locations/tags.readonly']
const WRITE = ['locations/tags.write']

function tagAt(context: Highlevel, params: Record<string, string>): LocationTag {
  const tag = rowBy(context.state.locationTags, 'id', params['tagId'] ?? '')
  if (!tag || tag.locationId !== params['locationId']) throw refuse(400, 'Tag not found')
  return tag
}

const refuseTaken = (context: Highlevel, locationId: string, name: string): void => {
  const isTaken = inLocation(context.state.locationTags, locationId).some((row) => row.name.toLowerCase() === name.toLowerCase())
  if (isTaken) throw invalid([`The tag name ${name} is already exist.`])
}

export const locationOperations: readonly Operation[] = [
  operation({
    id: 'search-locations',
    method: 'GET',
    path: '/locations/search',
    tokens: ANY_TOKEN,
    scopes: ['locations.readonly'],
    query: z.object({
      companyId: text().optional(),
      skip: numberString().optional(),
      limit: numberString().optional(),
      order: oneOf('asc', 'desc').optional(),
      email: text().optional(),
    }),
    run: ({ context, token, query }) => {
      const found = context.state.locations.filter(
        (row) =>
          row.companyId === token.companyId &&
          (query.companyId === undefined || row.companyId === query.companyId) &&
          (token.locationId === '' || row.id === token.locationId) &&
          (query.email === undefined || row.email === query.email),
      )
      const ordered = query.order === 'desc' ? found.toReversed() : found
      return flat({ locations: pageOf(context, ordered, query).map(shown) })
    },
  }),
  operation({
    id: 'get-location',
    method: 'GET',
    path: '/locations/:locationId',
    tokens: ANY_TOKEN,
    scopes: ['locations.readonly'],
    run: ({ context, params }) => {
      const location = rowBy(context.state.locations, 'id', params['locationId'] ?? '')
      if (!location) throw refuse(400, 'Location not found')
      return flat({ location: shown(location) })
    },
  }),
  operation({
    id: 'get-location-tags',
    method: 'GET',
    path: '/locations/:locationId/tags',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    run: ({ context, params }) => flat({ tags: inLocation(context.state.locationTags, params['locationId'] ?? '') }),
  }),
  operation({
    id: 'create-tag',
    method: 'POST',
    path: '/locations/:locationId/tags',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: TagBody,
    run: ({ context, params, body }) => {
      const locationId = params['locationId'] ?? ''
      refuseTaken(context, locationId, body.name)
      const tag = { id: shortId(), name: body.name, locationId }
      context.state.locationTags.push(tag)
      return flat({ tag })
    },
  }),
  operation({
    id: 'get-tag-by-id',
    method: 'GET',
    path: '/locations/:locationId/tags/:tagId',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    run: ({ context, params }) => flat({ tag: tagAt(context, params) }),
  }),
  operation({
    id: 'update-tag',
    method: 'PUT',
    path: '/locations/:locationId/tags/:tagId',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: TagBody,
    run: ({ context, params, body }) => {
      const tag = tagAt(context, params)
      if (tag.name.toLowerCase() !== body.name.toLowerCase()) refuseTaken(context, tag.locationId, body.name)
      tag.name = body.name
      return flat({ tag })
    },
  }),
  operation({
    id: 'delete-tag',
    method: 'DELETE',
    path: '/locations/:locationId/tags/:tagId',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: ({ context, params }) => {
      const tag = tagAt(context, params)
      context.state.locationTags = context.state.locationTags.filter((row) => row !== tag)
      // "succeded" is the vendor's own spelling.
      return flat({ succeded: true })
    },
  }),
]
