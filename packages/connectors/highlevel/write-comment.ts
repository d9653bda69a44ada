import { path, type VendorFact } from '@couplet/connector-sdk'
import type { HighlevelCall } from './connection.ts'
import { Anything } from './schemas/lenient.ts'
import { V3 } from './version-headers.ts'

/** No source settles the name of the permission, and an unknown name spoils a whole consent: none is asked for. */
export const COMMENT_SCOPE: VendorFact = {
  mark: 'ASSUMED',
  text: 'HighLevel names no permission for comments. If the call is refused for a missing one, tick what the token offers about comments.',
}

/** Likes a comment or takes the like back; doing so again changes nothing. */
export const setLike = (
  { http, connection }: HighlevelCall,
  comment: { platform: string; id: string },
  isLiked: boolean,
): Promise<unknown> =>
  http({
    method: isLiked ? 'POST' : 'DELETE',
    path: path`/social-media-posting/comments/${comment.platform}/${comment.id}/like`,
    query: { locationId: connection.locationId },
    headers: V3,
    reply: Anything,
  })
