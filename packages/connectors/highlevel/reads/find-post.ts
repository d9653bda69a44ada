import type { HighlevelCall } from '../connection.ts'
import { isMadeSince } from '../made-since.ts'
import type { PostReply } from '../schemas/post.ts'
import { postPage } from './posts.ts'

const DAY_MS = 86_400_000
const PAGES_MAX = 10

export type Sought = { accountIds: readonly string[]; userId: string; summary: string; scheduleDate?: string | undefined; isDraft: boolean }

const isSameInstant = (a: string, b: string): boolean => Math.abs(Date.parse(a) - Date.parse(b)) < 60_000

/** True when the listed post is the one that was sent: same person, text, accounts and plan, made after it was sent. */
export function isSought(post: PostReply, sought: Sought, sent: { sentFrom: number | undefined; nowMs: number }): boolean {
  const accounts = post.accountIds.length > 0 ? post.accountIds : [post.accountId ?? '']
  const planned = post.scheduleDate ?? post.displayDate
  return (
    post.status !== 'deleted' &&
    (post.createdBy ?? post.user?.id) === sought.userId &&
    (post.summary ?? '').trim() === sought.summary.trim() &&
    accounts.every((id) => sought.accountIds.includes(id)) &&
    isMadeSince(post.createdAt, sent) &&
    (sought.scheduleDate === undefined || sought.isDraft || planned === undefined || isSameInstant(planned, sought.scheduleDate))
  )
}

/**
 * Looks for a post that may have been created although its answer was lost, or that was created with an answer that named none
 * (REPORTED). The list filters on the planned date (ASSUMED), so the window is wide for drafts and lies around the plan otherwise.
 */
export async function findPost(call: HighlevelCall, sought: Sought, sentFrom: number | undefined): Promise<PostReply | undefined> {
  const now = call.clock.now()
  const planned = sought.scheduleDate === undefined ? now : Date.parse(sought.scheduleDate)
  const margin = sought.isDraft ? 400 * DAY_MS : 3 * DAY_MS
  const from = new Date(Math.min(now, planned) - margin).toISOString()
  const to = new Date(Math.max(now, planned) + margin).toISOString()
  let skip: number | undefined = 0
  for (let pages = 0; skip !== undefined && pages < PAGES_MAX; pages++) {
    const page: Awaited<ReturnType<typeof postPage>> = await postPage(call, { type: 'all', from, to, skip })
    const found = page.posts.find((post) => isSought(post, sought, { sentFrom, nowMs: now }))
    if (found) return found
    skip = page.next
  }
  return undefined
}
