import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readAccounts } from '../reads/accounts.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialAccountDelete = vendor.action({
  id: 'highlevel.social-account.delete',
  version: 1,
  title: 'Remove a social account',
  summary: 'Disconnects an account from the Social Planner. Posts already on the network stay there.',
  phrase: 'remove a social account from {connection}',
  group: 'Social Planner',
  scopes: ['socialplanner/account.write', 'socialplanner/account.readonly'],
  input: z.object({ id: pick('accounts').meta({ title: 'Account' }), userId: pick('users').optional().meta({ title: 'In the name of' }) }),
  output: z.object({ id: z.string().meta({ title: 'Account id' }) }),
  samples: [{ id: '65aa01_LocNorthgate_112233_page' }],
  rejects: [{ input: {}, because: 'no account is named' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'An account that is no longer listed has been removed.',
    async lookup(call) {
      const { accounts } = await readAccounts(call)
      return accounts.some((account) => account.id === call.input.id) ? undefined : { id: call.input.id }
    },
  },
  async run({ input, connection, http }) {
    await http({
      method: 'DELETE',
      path: path`/social-media-posting/${connection.locationId}/accounts/${input.id}`,
      query: { companyId: connection.companyId, userId: input.userId },
      headers: DATED,
      reply: Anything,
    })
    return { id: input.id }
  },
})
