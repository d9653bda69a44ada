import { cases } from '@couplet/connector-sdk'
import { socialAccountAttach } from '../operations/social-account-attach.ts'
import { socialAccountListOffers } from '../operations/social-account-list-offers.ts'
import { lostAnswer, refusedScope, UNKNOWN_ID, whole, world } from './state.ts'

const NETWORKS = ['facebook', 'instagram', 'google', 'linkedin', 'tiktok', 'youtube', 'pinterest', 'threads'] as const
const signedIn = (platform: string) => ({ action: 'sign-in-to-network', with: { platform } })

export const accountListOffersCases = cases(socialAccountListOffers, [
  ...[...NETWORKS, 'tiktok-business' as const].map((platform) => ({
    name: `reads what a login to ${platform} offers`,
    given: [signedIn(platform)],
    input: (state: Record<string, unknown>) => ({ platform, loginId: world(state).login().id }),
    expect: whole(
      socialAccountListOffers,
      ({ offers }) => offers.length > 0 && offers.every(({ id, isConnected }) => id !== '' && !isConnected),
    ),
  })),
  { name: 'does not find a login of nobody', input: { platform: 'facebook' as const, loginId: UNKNOWN_ID }, fails: 'not-found' as const },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting' }],
    input: { platform: 'facebook' as const, loginId: 'x' },
    fails: 'scope-missing' as const,
  },
])

const offered = (platform: (typeof NETWORKS)[number]) => (state: Record<string, unknown>) => {
  const { id, offers } = world(state).login()
  const origin = offers[0]?.id ?? ''
  return { platform, loginId: id, originId: platform === 'google' ? `accounts/${origin}` : origin }
}
export const accountAttachCases = cases(socialAccountAttach, [
  ...NETWORKS.map((platform) => ({
    name: `attaches an account of ${platform}`,
    given: [signedIn(platform)],
    input: offered(platform),
    expect: whole(socialAccountAttach, ({ accountId }) => accountId !== undefined),
  })),
  {
    name: 'sees that it is attached when the answer was lost',
    given: [signedIn('facebook'), { ...lostAnswer, method: 'POST', path: '/social-media-posting/oauth' }],
    input: offered('facebook'),
    expect: { kind: 'page' },
  },
  {
    name: 'does not find what the login does not offer',
    given: [signedIn('facebook')],
    input: (state: Record<string, unknown>) => ({ ...offered('facebook')(state), originId: UNKNOWN_ID }),
    fails: 'not-found' as const,
  },
])
