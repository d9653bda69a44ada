import { z } from 'zod'
import { listOf, maybe, maybeText, results } from './lenient.ts'

/** Networks that HighLevel connects by API (CONFIRMED); Bluesky is listed and answers that it is not supported. */
export const LoginPlatform = z.enum([
  'facebook',
  'instagram',
  'google',
  'linkedin',
  'tiktok',
  'tiktok-business',
  'youtube',
  'pinterest',
  'threads',
])

/** A page, profile or location a login may attach. Members that only one network has are kept in `details`, since attaching sends them back. */
export const OfferedAccount = z
  .object({
    id: z.string().meta({ title: 'Id on the network' }),
    name: z.string().meta({ title: 'Name' }),
    kind: z.string().meta({ title: 'Kind', description: 'page, profile, location or business' }),
    isConnected: z.boolean().meta({ title: 'Is connected already' }),
  })
  .meta({ title: 'Offered account' })

const Offer = z.looseObject({
  id: maybeText,
  name: maybeText,
  avatar: maybeText,
  urn: maybeText,
  pageId: maybeText,
  username: maybeText,
  type: maybeText,
  verified: maybe(z.boolean()),
  isConnected: maybe(z.boolean()),
})
type Offer = z.output<typeof Offer>

const GoogleOffer = z.looseObject({
  location: maybe(z.looseObject({ name: maybeText, title: maybeText, isConnected: maybe(z.boolean()) })),
  account: maybe(z.looseObject({})),
})
type GoogleOffer = z.output<typeof GoogleOffer>

/** Google shows one location where the others show lists (CONFIRMED); a list is taken too. */
const GoogleOffers = z.union([z.array(GoogleOffer), GoogleOffer.transform((one) => [one])])

/** What a login offers, by the member each network uses. */
export const OffersReply = results(
  z.looseObject({ pages: listOf(Offer), accounts: listOf(Offer), profile: listOf(Offer), locations: maybe(GoogleOffers) }),
)
type Offers = z.output<typeof OffersReply>

/** An offer with the body that attaches it. */
export type Attachable = z.output<typeof OfferedAccount> & { body: Record<string, unknown> }

const KIND_OF: Readonly<Record<string, string>> = { facebook: 'page', instagram: 'page', 'tiktok-business': 'business' }

function attachable(platform: string, offer: Offer, kind: string): Attachable {
  const { id = '', name = '', avatar = '', urn, pageId, username, verified } = offer
  const known = {
    ...(urn ? { urn } : {}),
    ...(pageId ? { pageId } : {}),
    ...(username ? { username } : {}),
    ...(verified === undefined ? {} : { verified }),
  }
  // Instagram's body has no kind and names the Facebook page it belongs to (CONFIRMED).
  const told = platform === 'instagram' ? { pageId: pageId ?? id } : { type: kind }
  return { id, name, kind, isConnected: offer.isConnected === true, body: { originId: id, name, avatar, ...known, ...told } }
}

function attachableLocation({ location, account }: GoogleOffer): Attachable[] {
  const { name, title, isConnected } = location ?? {}
  if (name === undefined) return []
  return [
    { id: name, name: title ?? name, kind: 'location', isConnected: isConnected === true, body: { location, account: account ?? {} } },
  ]
}

/** All that a login offers, with what attaching each of them takes. */
export function attachables(platform: string, { pages, accounts, profile, locations }: Offers): Attachable[] {
  const own = KIND_OF[platform]
  return [
    ...pages.map((offer) => attachable(platform, offer, own ?? 'page')),
    ...accounts.map((offer) => attachable(platform, offer, own ?? 'profile')),
    ...profile.map((offer) => attachable(platform, offer, own ?? offer.type ?? 'profile')),
    ...(locations ?? []).flatMap(attachableLocation),
  ]
}
