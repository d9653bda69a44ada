import { z } from 'zod'
import { refuse } from '../errors.ts'
import { ANY_TOKEN, flat, LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { numberString, oneOf, text } from '../schema.ts'
import type { User } from '../state.ts'

const shown = ({ id, name, firstName, lastName, email, phone, role, type, locationIds, deleted }: User): Record<string, unknown> => ({
  id,
  name,
  firstName,
  lastName,
  email,
  phone,
  extension: '',
  roles: { type, role, locationIds },
  deleted,
})

const isAt = (user: User, locationId: string): boolean => user.locationIds.includes(locationId) || user.type === 'agency'

export const userOperations: readonly Operation[] = [
  operation({
    id: 'search-users',
    method: 'GET',
    path: '/users/search',
    tokens: ANY_TOKEN,
    scopes: ['users.readonly'],
    query: z.object({
      companyId: text(),
      locationId: text().optional(),
      query: text().optional(),
      skip: numberString().optional(),
      limit: numberString().optional(),
      type: text().optional(),
      role: text().optional(),
      ids: text().optional(),
      sort: text().optional(),
      sortDirection: oneOf('asc', 'desc').optional(),
    }),
    run: ({ context, token, query }) => {
      if (query.companyId !== token.companyId) throw refuse(403, 'The token does not have access to this location.')
      const locationId = query.locationId ?? token.locationId
      const wanted = query.query?.toLowerCase() ?? ''
      const ids = query.ids?.split(',')
      const users = context.state.users.filter(
        (row) =>
          !row.deleted &&
          row.companyId === query.companyId &&
          (locationId === '' || isAt(row, locationId)) &&
          (query.type === undefined || row.type === query.type) &&
          (query.role === undefined || row.role === query.role) &&
          (ids === undefined || ids.includes(row.id)) &&
          `${row.name} ${row.email}`.toLowerCase().includes(wanted),
      )
      return flat({
        users: pageOf(context, query.sortDirection === 'desc' ? users.toReversed() : users, query, 25).map(shown),
        count: users.length,
      })
    },
  }),
  operation({
    id: 'get-user-by-location',
    method: 'GET',
    path: '/users/',
    exists: { v2: true, v3: false },
    tokens: LOCATION_TOKENS,
    scopes: ['users.readonly'],
    query: z.object({ locationId: text() }),
    run: ({ context, query }) =>
      flat({ users: context.state.users.filter((row) => !row.deleted && isAt(row, query.locationId)).map(shown) }),
  }),
]
