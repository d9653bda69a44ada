import { conflict, refuse } from './refusals.ts'
import { mediaBody } from './schemas/media.ts'
import { asUtc } from './schemas/post-input.ts'
import type { PostReply } from './schemas/post.ts'

/** Members that live on a post and are taken back as they are when it is written (CONFIRMED: PUT replaces the whole post). */
const KEPT = [
  'summary',
  'categoryId',
  'followUpComment',
  'ogTagsDetails',
  'tiktokPostDetails',
  'gmbPostDetails',
  'linkedinPostDetails',
  'pinterestPostDetails',
  'facebookPostDetails',
  'instagramPostDetails',
  'youtubePostDetails',
] as const

/** Blocks of the newer generation; a post that has one is written with version v3. */
export const V3_BLOCKS: readonly string[] = [
  'linkedinPostDetails',
  'pinterestPostDetails',
  'facebookPostDetails',
  'instagramPostDetails',
  'youtubePostDetails',
]

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)

/** The approval as it may be written: the answer adds the approver's person, which the request does not know (CONFIRMED). */
function withoutApprover(approval: unknown): Record<string, unknown> {
  if (typeof approval !== 'object' || approval === null) return {}
  return Object.fromEntries(Object.entries(approval).filter(([name, value]) => name !== 'approverUser' && !isEmpty(value)))
}

/** Refuses posts HighLevel does not let anyone change (REPORTED for published ones). */
export function refuseUneditable(post: PostReply): void {
  if (post.status === 'published' || post.status === 'notification_sent')
    throw conflict({
      code: 'highlevel.post_published',
      message: 'HighLevel does not allow changes to a published post.',
      hint: 'Delete it on the network by hand, or write a new post.',
    })
  if (post.status === 'in_progress' || post.status === 'pending')
    throw conflict({
      code: 'highlevel.post_in_progress',
      message: 'This post is being published right now.',
      hint: 'Read its status again in a minute.',
    })
  if (post.status === 'deleted') throw conflict({ code: 'highlevel.post_deleted', message: 'This post has been deleted.' })
}

/**
 * The whole post as it must be written back so that nothing is lost but what `changes` names. A scheduled post sent without its status
 * falls back to a draft (REPORTED), media types read back shortened are made whole again, and `error` and the network's own members
 * are not sent, since bodies are whitelisted.
 */
export function editBody(post: PostReply, changes: Record<string, unknown>, userId?: string): Record<string, unknown> {
  const person = userId ?? post.createdBy ?? post.user?.id
  if (person === undefined)
    throw refuse({
      code: 'highlevel.user_needed',
      message: 'HighLevel does not say who made this post.',
      hint: 'Choose the person in whose name it is changed.',
      fields: { userId: 'needed' },
    })
  const approval = withoutApprover(post['postApprovalDetails'])
  const planned = post.scheduleDate ?? post.displayDate
  const status = changes['status'] ?? post.status ?? 'draft'
  const isPlanned = status === 'scheduled' || status === 'in_review'
  const kept = Object.fromEntries(KEPT.flatMap((name) => (isEmpty(post[name]) ? [] : [[name, post[name]]])))
  return {
    ...kept,
    ...(isEmpty(approval) ? {} : { postApprovalDetails: approval }),
    accountIds: post.accountIds,
    type: post.type ?? 'post',
    media: mediaBody(post.media),
    tags: post.tags,
    userId: person,
    createdBy: post.createdBy ?? person,
    ...(isPlanned && planned !== undefined ? { scheduleDate: asUtc(planned), scheduleTimeUpdated: true } : {}),
    ...changes,
    ...(isPlanned && changes['scheduleDate'] !== undefined ? { scheduleTimeUpdated: true } : {}),
    status,
  }
}
