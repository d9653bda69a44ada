import type { Fact, FeedPoll } from '@couplet/connector-sdk'
import { z } from 'zod'
import type { ConnectionFacts } from '../connection.ts'
import { POSTS_PAGE, postPage } from '../reads/posts.ts'
import { Post, type PostReply, toPost } from '../schemas/post.ts'

const DAY_MS = 86_400_000
/** Every reading goes this far back: a post may be published late, or show up late. Keys make the overlap harmless. */
const OVERLAP_MS = 14 * DAY_MS
/** Planned dates may lie a little ahead of the moment something is published. */
const AHEAD_MS = DAY_MS
const PAGES_MAX = 200

export const PostEvent = z.object({
  post: Post.meta({ title: 'Post' }),
  locationId: z.string().meta({ title: 'Location id' }),
})
export type PostEvent = z.input<typeof PostEvent>

/**
 * Where a reading stands. `since`: only what happened after it counts. `readAt`: start of the last complete reading; after a long
 * outage the window reaches back to it. `open`: the window being read, page by page.
 */
const Cursor = z.object({
  since: z.string(),
  readAt: z.string().optional(),
  open: z.object({ from: z.string(), to: z.string(), skip: z.int(), pages: z.int(), beganAt: z.string() }).optional(),
})
type Cursor = z.output<typeof Cursor>

const iso = (ms: number): string => new Date(ms).toISOString()
const ms = (text: string | undefined): number => Date.parse(text ?? '')

/** The window of a new reading: 14 days, or back to the last complete one when that is longer ago, but never before `since` (with a day to spare). */
export function windowOf(cursor: { since: string; readAt?: string | undefined }, now: string): { from: string; to: string } {
  const since = ms(cursor.since) - DAY_MS
  const overlap = ms(now) - OVERLAP_MS
  const gap = ms(cursor.readAt ?? cursor.since) - DAY_MS
  return { from: iso(Math.max(since, Math.min(overlap, gap))), to: iso(ms(now) + AHEAD_MS) }
}

/**
 * Reads posts of one state over an overlapping window. The list has neither order nor "since" (CONFIRMED), so each poll reads the whole
 * window, a page at a time; what was there before the flow was switched on gives no fact.
 */
export const postFeed = (feed: {
  type: 'published' | 'failed'
  happenedAt(post: PostReply): string | undefined
  key(post: PostReply, locationId: string): string
}): FeedPoll<Record<string, never>, ConnectionFacts, PostEvent> => ({
  mode: 'feed',
  every: '5 m',
  start: (since) => JSON.stringify({ since } satisfies Cursor),
  async page(call) {
    const cursor = Cursor.parse(JSON.parse(call.cursor))
    const open = cursor.open ?? { ...windowOf(cursor, call.now), skip: 0, pages: 0, beganAt: call.now }
    const page = await postPage(call, {
      type: feed.type,
      from: open.from,
      to: open.to,
      skip: open.skip,
      limit: POSTS_PAGE,
      withAuthors: false,
    })
    const { locationId } = call.connection
    const facts: Fact<PostEvent>[] = page.posts.flatMap((post) => {
      const at = feed.happenedAt(post) ?? call.now
      if (post.status !== feed.type || ms(at) < ms(cursor.since)) return []
      return [{ key: feed.key(post, locationId), at, data: { post: toPost(post), locationId } }]
    })
    const pages = open.pages + 1
    if (page.next !== undefined && pages < PAGES_MAX)
      return { facts, cursor: JSON.stringify({ ...cursor, open: { ...open, skip: page.next, pages } }), more: true }
    if (page.next !== undefined)
      call.log('There are more posts in the window than Couplet reads at once.', { from: open.from, to: open.to, read: pages * POSTS_PAGE })
    return { facts, cursor: JSON.stringify({ since: cursor.since, readAt: open.beganAt }), more: false }
  },
})

/** A post to several accounts has parts; all of them lead to the whole. */
export const wholeId = (post: PostReply): string => post.parentPostId ?? post.id

export const postPublishedKey = (post: PostReply, locationId: string): string => `hl.post:${locationId}:${wholeId(post)}:published`
