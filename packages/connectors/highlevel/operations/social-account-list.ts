import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readAccounts } from '../reads/accounts.ts'
import { Account, AccountGroup, accountSample } from '../schemas/account.ts'

export const socialAccountList = vendor.action({
  id: 'highlevel.social-account.list',
  version: 1,
  title: 'List social accounts',
  summary: 'Reads the connected social accounts and the groups they are gathered in.',
  phrase: 'list the social accounts of {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'ASSUMED',
      text: 'An account is connected by a person in a browser window inside HighLevel; Couplet reads accounts, it does not connect them.',
    },
    { mark: 'CONFIRMED', text: 'X has not been supported since 4 December 2024, so its operations are left out.' },
  ],
  scopes: ['socialplanner/account.readonly'],
  input: z.object({
    platform: z
      .string()
      .optional()
      .meta({ title: 'Only this platform', examples: ['facebook', 'instagram', 'google'] }),
    withExpired: z.boolean().default(true).meta({ title: 'Those that need reconnecting too' }),
  }),
  output: z.object({
    accounts: z.array(Account).meta({ title: 'Accounts' }),
    groups: z.array(AccountGroup).meta({ title: 'Groups' }),
    profileIds: z.array(z.string()).meta({ title: 'Profile ids', description: 'What statistics are asked by.' }),
    expired: z.array(z.string()).meta({ title: 'Accounts to reconnect (names)' }),
  }),
  samples: [
    {
      accounts: [accountSample],
      groups: [{ id: 'grp-1', name: 'All pages', accountIds: [accountSample.id] }],
      profileIds: ['67a5a9aa776c837de4aa5b12'],
      expired: [],
    },
  ],
  rejects: [{ input: { withExpired: 'perhaps' }, because: 'only yes or no' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run(call) {
    const { accounts, groups } = await readAccounts(call)
    const wanted = accounts.filter(
      (account) =>
        (call.input.platform === undefined || account.platform === call.input.platform) && (call.input.withExpired || !account.isExpired),
    )
    return {
      accounts: wanted,
      groups,
      profileIds: wanted.flatMap((account) => account.profileId ?? []),
      expired: wanted.filter((account) => account.isExpired).map((account) => account.name),
    }
  },
})
