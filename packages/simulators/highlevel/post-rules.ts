import { type Highlevel, isOn } from './context.ts'
import { badSocialRequest, invalid, onlyReported } from './errors.ts'
import { rowBy } from './lookup.ts'
import type { PostBody } from './routes/post-schema.ts'
import { MIME_TYPES } from './routes/post-schema.ts'
import type { Post, PostStatus } from './state.ts'
import type { ApiVersion } from './version-gate.ts'

const OBJECT_ID = /^[0-9a-f]{24}$/

/** Status of a new post. Without one it goes out at once (REPORTED by two); strict mode refuses instead of guessing. */
export function statusOfNew(context: Highlevel, body: PostBody): PostStatus {
  if (body.status !== undefined) return body.status
  if (context.isStrict()) throw onlyReported('publishWithoutStatus')
  return context.setting('publishWithoutStatus') ? 'published' : 'draft'
}

/** Status after an edit. PUT replaces the whole post: a scheduled one without status falls back to draft (REPORTED). */
export function statusOfEdited(context: Highlevel, post: Post, body: PostBody): PostStatus {
  if (post.status === 'published' && (context.isStrict() || context.setting('publishedRefusePut'))) {
    throw context.isStrict() ? onlyReported('publishedRefusePut') : badSocialRequest('Published posts cannot be edited')
  }
  if (body.status !== undefined) return body.status
  if (context.isStrict()) throw onlyReported('putWithoutStatusDrafts')
  return context.setting('putWithoutStatusDrafts') ? 'draft' : post.status
}

/** Rules on the content. Drafts skip most checks. Texts REPORTED, the v3 requirements CONFIRMED. */
export function checkPost(context: Highlevel, locationId: string, body: PostBody, status: PostStatus, version: ApiVersion): void {
  const wrong: string[] = []
  for (const id of body.accountIds ?? []) {
    if (rowBy(context.state.accounts, 'id', id)?.locationId !== locationId) throw badSocialRequest(`Account ${id} not found`)
  }
  if (version === 'v3') wrong.push(...brokenIds(body))
  if (status !== 'draft') wrong.push(...brokenSchedule(context, body, status, version), ...brokenMedia(context, body, status))
  if (wrong.length > 0) throw invalid(wrong)
}

const brokenIds = (body: PostBody): string[] =>
  Object.entries({ categoryId: body.categoryId === undefined ? [] : [body.categoryId], tags: body.tags ?? [] })
    .filter(([, ids]) => ids.some((id) => !OBJECT_ID.test(id)))
    .map(([name]) => `${name} must be a mongodb id`)

function brokenSchedule(context: Highlevel, body: PostBody, status: PostStatus, version: ApiVersion): string[] {
  const wrong: string[] = []
  const isTimed = status === 'scheduled' || status === 'in_review'
  if (isTimed && version === 'v3' && body.scheduleDate === undefined) wrong.push('scheduleDate should not be empty')
  if (status === 'in_review' && version === 'v3' && body.postApprovalDetails === undefined)
    wrong.push('postApprovalDetails should not be empty')
  if (!isTimed || body.scheduleDate === undefined || !isOn(context, 'scheduleDate422')) return wrong
  if (!body.scheduleDate.endsWith('Z')) wrong.push('scheduleDate must be a UTC date')
  else if (Date.parse(body.scheduleDate) <= context.clock.now()) wrong.push('scheduleDate must be after current date')
  return wrong
}

function brokenMedia(context: Highlevel, body: PostBody, status: PostStatus): string[] {
  if (status !== 'scheduled' || !isOn(context, 'mediaType422')) return []
  const accepted = context.setting('mimeTypes') === 'v3-list' ? MIME_TYPES : ['image/jpeg']
  return (body.media ?? []).flatMap((item, at) => (accepted.includes(item.type ?? '') ? [] : [`media.${at}.Invalid media format type`]))
}
