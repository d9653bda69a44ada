import { z } from 'zod'
import { listOf, maybe, maybeText, results } from './lenient.ts'

/** A connected social account. `id` is opaque; statistics want `profileId` instead (CONFIRMED). */
export const Account = z
  .object({
    id: z.string().meta({ title: 'Account id' }),
    profileId: z.string().optional().meta({ title: 'Profile id', description: 'What statistics are asked by.' }),
    originId: z.string().optional().meta({ title: 'Id on the network', description: 'What comments are asked by.' }),
    name: z.string().meta({ title: 'Name' }),
    platform: z.string().meta({ title: 'Platform' }),
    type: z.string().optional().meta({ title: 'Kind', description: 'page, group, profile, location or business' }),
    isExpired: z
      .boolean()
      .meta({ title: 'Needs reconnecting', description: 'The network no longer accepts the login. Reconnect it inside HighLevel.' }),
    expiresAt: z.string().optional().meta({ title: 'Login expires at' }),
  })
  .meta({ title: 'Social account' })
export type Account = z.output<typeof Account>

export const AccountGroup = z
  .object({
    id: z.string().meta({ title: 'Group id' }),
    name: z.string().meta({ title: 'Name' }),
    accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
  })
  .meta({ title: 'Account group' })

/** The id on the network is the third part of the account's id, before its kind where that is named (ASSUMED: the parts are documented nowhere). */
function originOf({ id, oauthId, type }: { id: string; oauthId?: string | undefined; type?: string | undefined }): string | undefined {
  if (oauthId === undefined || !id.startsWith(`${oauthId}_`)) return undefined
  const [, ...origin] = id.slice(oauthId.length + 1).split('_')
  if (origin.length > 1 && origin.at(-1) === type) origin.pop()
  return origin.length === 0 ? undefined : origin.join('_')
}

const AccountItem = z
  .looseObject({
    id: z.string(),
    oauthId: maybeText,
    profileId: maybeText,
    name: maybeText,
    platform: maybeText,
    type: maybeText,
    isExpired: maybe(z.boolean()),
    expire: maybeText,
  })
  .transform((item): Account => ({
    id: item.id,
    profileId: item.profileId,
    originId: originOf(item),
    name: item.name ?? '',
    platform: item.platform ?? '',
    type: item.type,
    isExpired: item.isExpired === true,
    expiresAt: item.expire,
  }))

const GroupItem = z
  .looseObject({ id: z.string(), name: maybeText, accountIds: listOf(z.string()) })
  .transform((item) => ({ id: item.id, name: item.name ?? '', accountIds: item.accountIds }))

export const AccountsReply = results(z.looseObject({ accounts: listOf(AccountItem), groups: listOf(GroupItem) }))

export const accountSample: Account = {
  id: '65aa01_LocNorthgate_112233_page',
  profileId: '67a5a9aa776c837de4aa5b12',
  originId: '112233',
  name: 'Northgate Solar',
  platform: 'facebook',
  type: 'page',
  isExpired: false,
  expiresAt: '2026-12-01T00:00:00.000Z',
}
