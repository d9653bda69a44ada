import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readOffers } from '../reads/offered-accounts.ts'
import { LoginPlatform, OfferedAccount } from '../schemas/offered-account.ts'

export const socialAccountListOffers = vendor.action({
  id: 'highlevel.social-account.list-offers',
  version: 1,
  title: 'List what a login offers',
  summary: 'Reads the pages, profiles and locations that a login to a network may attach to the Social Planner.',
  phrase: 'list what a login to a network offers {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'The login itself opens in a browser window and hands its id to the page that opened it; a server cannot perform it.',
    },
    { mark: 'CONFIRMED', text: 'X has not been supported since 4 December 2024, and Bluesky is refused, so they are not offered.' },
  ],
  scopes: ['socialplanner/oauth.readonly'],
  input: z.object({
    platform: LoginPlatform.meta({ title: 'Platform' }),
    loginId: z.string().min(1).meta({ title: 'Login id', description: 'The accountId that the login window hands over.' }),
    search: z.string().optional().meta({ title: 'Search for', advanced: true }),
  }),
  output: z.object({ offers: z.array(OfferedAccount).meta({ title: 'Offered accounts' }) }),
  samples: [{ offers: [{ id: '112233', name: 'Northgate Solar', kind: 'page', isConnected: false }] }],
  rejects: [{ input: { platform: 'twitter', loginId: 'x' }, because: 'X is no longer supported' }],
  effect: { kind: 'read' },
  run: async (call) => ({
    offers: (await readOffers(call, call.input)).map(({ id, name, kind, isConnected }) => ({ id, name, kind, isConnected })),
  }),
})
