import { path, pick, type VendorFact } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from './connector.ts'
import { LikePlatform } from './schemas/comment.ts'
import { Anything } from './schemas/lenient.ts'
import { V3 } from './version-headers.ts'

/** No source settles the name of the permission, and an unknown name spoils a whole consent: none is asked for. */
export const COMMENT_SCOPE: VendorFact = {
  mark: 'ASSUMED',
  text: 'HighLevel names no permission for comments. If the call is refused for a missing one, tick what the token offers about comments.',
}

/** Liking a comment, or taking the like back: doing so again changes nothing. */
export const likeAction = (
  words: { id: `highlevel.${string}`; title: string; summary: string; phrase: string; because: string },
  { isLiked }: { isLiked: boolean },
) =>
  vendor.action({
    id: words.id,
    version: 1,
    title: words.title,
    summary: words.summary,
    phrase: words.phrase,
    group: 'Social Planner: comments',
    facts: [COMMENT_SCOPE, { mark: 'CONFIRMED', text: 'Instagram, YouTube and Threads take no likes by API, so they are not offered.' }],
    scopes: [],
    input: z.object({
      platform: LikePlatform.meta({ title: 'Platform' }),
      id: pick('comments', ['platform']).meta({ title: 'Comment' }),
    }),
    output: z.object({ id: z.string().meta({ title: 'Comment id' }), isLiked: z.boolean().meta({ title: 'Is liked' }) }),
    samples: [{ id: '66f4aa11bb22cc33dd44ee61', isLiked }],
    rejects: [{ input: { platform: 'instagram', id: 'c' }, because: 'Instagram takes no likes by API' }],
    effect: { kind: 'write', resend: 'harmless', because: words.because },
    async run({ http, connection, input }) {
      await http({
        method: isLiked ? 'POST' : 'DELETE',
        path: path`/social-media-posting/comments/${input.platform}/${input.id}/like`,
        query: { locationId: connection.locationId },
        headers: V3,
        reply: Anything,
      })
      return { id: input.id, isLiked }
    },
  })
