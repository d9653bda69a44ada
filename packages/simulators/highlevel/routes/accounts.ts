import { z } from 'zod'
import { badSocialRequest } from '../errors.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation, social } from '../operation.ts'
import { text } from '../schema.ts'
import type { Account } from '../state.ts'

/** An account as the API shows it. */
const shown = ({ id, oauthId, profileId, name, platform, type, expire, isExpired, meta }: Account): Record<string, unknown> => ({
  id,
  oauthId,
  profileId,
  name,
  platform,
  type,
  expire,
  isExpired,
  meta,
})

export const accountOperations: readonly Operation[] = [
  operation({
    id: 'get-account',
    method: 'GET',
    path: '/social-media-posting/:locationId/accounts',
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/account.readonly'],
    run: ({ context, params }) => {
      const locationId = params['locationId'] ?? ''
      const now = context.clock.now()
      const accounts = inLocation(context.state.accounts, locationId).map((row) =>
        shown({ ...row, isExpired: row.isExpired || Date.parse(row.expire) <= now }),
      )
      const groups = inLocation(context.state.accountGroups, locationId).map(({ id, name, accountIds }) => ({ id, name, accountIds }))
      return social(200, 'Fetched Accounts', { accounts, groups })
    },
  }),
  operation({
    id: 'delete-account',
    method: 'DELETE',
    path: '/social-media-posting/:locationId/accounts/:id',
    tokens: LOCATION_TOKENS,
    scopes: ['socialplanner/account.write'],
    query: z.object({ companyId: text().optional(), userId: text().optional() }),
    run: ({ context, params }) => {
      const { state } = context
      const account = rowBy(state.accounts, 'id', params['id'] ?? '')
      if (!account || account.locationId !== params['locationId']) throw badSocialRequest('Account not found')
      state.accounts = state.accounts.filter((row) => row !== account)
      for (const group of state.accountGroups) group.accountIds = group.accountIds.filter((id) => id !== account.id)
      return social(200, 'Deleted Account', { locationId: account.locationId, id: account.id })
    },
  }),
]
