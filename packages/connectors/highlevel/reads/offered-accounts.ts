import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { type Attachable, attachables, OffersReply } from '../schemas/offered-account.ts'
import { V3 } from '../version-headers.ts'

/** What a person's login to a network offers. `loginId` is what HighLevel's window hands over after the login (CONFIRMED). */
export async function readOffers(
  { http, connection }: HighlevelCall,
  { platform, loginId, search }: { platform: string; loginId: string; search?: string | undefined },
): Promise<Attachable[]> {
  const offers = await http({
    method: 'GET',
    path: path`/social-media-posting/oauth/${connection.locationId}/${platform}/accounts/${loginId}`,
    query: { search },
    headers: V3,
    reply: OffersReply,
  })
  return attachables(platform, offers)
}
