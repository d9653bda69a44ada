import { path } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readOffers } from '../reads/offered-accounts.ts'
import { notFound } from '../refusals.ts'
import { maybe, maybeText, results } from '../schemas/lenient.ts'
import { LoginPlatform, OfferedAccount } from '../schemas/offered-account.ts'
import { V3 } from '../version-headers.ts'

const AttachedReply = results(maybe(z.looseObject({ _id: maybeText, name: maybeText, type: maybeText })))
const Attached = OfferedAccount.omit({ isConnected: true }).extend({
  accountId: z.string().optional().meta({ title: 'Account id', description: 'Empty where HighLevel does not name it: list the accounts.' }),
})

export const socialAccountAttach = vendor.action({
  id: 'highlevel.social-account.attach',
  version: 1,
  title: 'Attach a social account',
  summary: 'Connects a page, profile or location that a login offers to the Social Planner.',
  phrase: 'attach a social account to {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: 'Each network wants other members; Couplet reads the offer first and sends it back as it came.' },
    { mark: 'CONFIRMED', text: 'TikTok business accounts can be listed but not attached by API.' },
  ],
  scopes: ['socialplanner/oauth.write', 'socialplanner/oauth.readonly'],
  input: z.object({
    platform: LoginPlatform.exclude(['tiktok-business']).meta({ title: 'Platform' }),
    loginId: z.string().min(1).meta({ title: 'Login id', description: 'The accountId that the login window hands over.' }),
    originId: z.string().min(1).meta({ title: 'Id on the network', description: 'From "List what a login offers".' }),
  }),
  output: Attached,
  samples: [{ id: '112233', name: 'Northgate Solar', kind: 'page', accountId: '65aa01_LocNorthgate_112233_page' }],
  rejects: [{ input: { platform: 'tiktok-business', loginId: 'x', originId: 'y' }, because: 'HighLevel cannot attach those by API' }],
  calls: 2,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'An offer that is connected has been attached.',
    async lookup(call) {
      const { platform, loginId, originId } = call.input
      const found = (await readOffers(call, { platform, loginId })).find(({ id }) => id === originId)
      return found?.isConnected === true ? { id: found.id, name: found.name, kind: found.kind } : undefined
    },
  },
  async run(call) {
    const { input, connection, http } = call
    const { platform, loginId, originId } = input
    const offer = (await readOffers(call, { platform, loginId })).find(({ id }) => id === originId)
    if (!offer) throw notFound('The login does not offer this account.')
    const attached = await http({
      method: 'POST',
      path: path`/social-media-posting/oauth/${connection.locationId}/${platform}/accounts/${loginId}`,
      headers: V3,
      body: offer.body,
      reply: AttachedReply,
    })
    return { id: offer.id, name: attached?.name ?? offer.name, kind: attached?.type ?? offer.kind, accountId: attached?.['_id'] }
  },
})
