// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { type Highlevel, isOn, nowIso } from './context.ts'
import { hash, objectId } from './ids.ts'
import type { Post } from './state.ts'

/** Moves a post to published, with the id the network gives it. */
export function publish(context: Highlevel, post: Post): void {
  const now = nowIso(context)
  Object.assign(post, {
    status: 'published',
    publishedAt: now,
    displayDate: now,
    updatedAt: now,
    error: '',
    postId: String(10 ** 12 + hash(post._id)),
  })
}

/** New ids for the sub-posts of a post to several accounts (REPORTED: editing recreates them). */
export const subPostsOf = (context: Highlevel, accountIds: readonly string[]): Post['subPosts'] =>
  isOn(context, 'subPosts') && accountIds.length > 1 ? accountIds.map((accountId) => ({ _id: objectId(), accountId })) : []

/**
 * What happens by itself: scheduled -> in_progress when the clock passes `scheduleDate`, then published (path and delay ASSUMED).
 * A post whose accounts have all expired fails instead, with the reason in `error`.
 */
export function advancePosts(context: Highlevel): void {
  const now = context.clock.now()
  for (const post of context.state.posts) {
    if (post.status !== 'scheduled' && post.status !== 'in_progress') continue
    const dueAt = Date.parse(post.scheduleDate ?? post.displayDate)
    if (post.status === 'scheduled' && dueAt <= now) {
      Object.assign(post, { status: 'in_progress', updatedAt: nowIso(context) })
      context.touch()
    }
    if (post.status === 'in_progress' && dueAt + context.setting('publishDelayMs') <= now) {
      settle(context, post)
      context.touch()
    }
  }
}

function settle(context: Highlevel, post: Post): void {
  const accounts = context.state.accounts.filter((row) => post.accountIds.includes(row.id))
  if (accounts.length > 0 && accounts.every((row) => row.isExpired)) {
    Object.assign(post, { status: 'failed', error: 'Failed due to auth token', updatedAt: nowIso(context) })
  } else publish(context, post)
}
