import type { Pool } from 'pg'
import { inTransaction } from './in-transaction.ts'

export type SocialPost = {
  post: string
  publishedAt: number
  kind: string
  text: string
  tags: readonly string[]
  accounts: readonly string[]
  platforms: readonly string[]
}

/** What a network says of one post. A network that does not count something leaves it out. */
export type Reactions = { likes?: number | undefined; comments?: number | undefined; shares?: number | undefined }

export type SocialPostsRepository = {
  /** Posts as the vendor lists them. A new one is read at `nextReadAt`; of a known one only what it says changes. */
  put(location: number, posts: readonly (SocialPost & { nextReadAt: number })[]): Promise<void>
  /** Names of tags; those that are no longer listed keep their last name. */
  putTags(location: number, tags: readonly { tag: string; name: string }[]): Promise<void>
  /** Posts whose reactions are due to be read, those that came out last first. */
  due(location: number, now: number, limit: number): Promise<{ post: string; publishedAt: number }[]>
  /** Keeps a reading. Without reactions only the time of the next one moves. */
  recordReactions(
    location: number,
    post: string,
    reading: { reactions: Reactions | undefined; readAt: number; isSettled: boolean; nextReadAt: number | null },
  ): Promise<void>
}

const PUT = `
  insert into social_posts as p (location, post, published_at, kind, text, tags, accounts, platforms, next_read_at)
  select $1, n.post, n."publishedAt", n.kind, n.text, n.tags, n.accounts, n.platforms, n."nextReadAt"
  from jsonb_to_recordset($2::jsonb) as n (post text, "publishedAt" timestamptz, kind text, text text, tags text[], accounts text[], platforms text[],
    "nextReadAt" timestamptz)
  on conflict (location, post) do update set published_at = excluded.published_at, kind = excluded.kind, text = excluded.text,
    tags = excluded.tags, accounts = excluded.accounts, platforms = excluded.platforms`

const PUT_TAGS = `
  insert into social_tags (location, tag, name) select $1, t.tag, t.name from jsonb_to_recordset($2::jsonb) as t (tag text, name text)
  on conflict (location, tag) do update set name = excluded.name`

const RECORD = `
  update social_posts set likes = coalesce($3, likes), comments = coalesce($4, comments), shares = coalesce($5, shares),
    read_at = case when $6 then $7 else read_at end,
    settled_at = case when $6 and $8 then $7 else settled_at end, next_read_at = $9
  where location = $1 and post = $2`

/** Published posts, their tags, and the reactions to each. */
export function socialPostsRepository(pool: Pool): SocialPostsRepository {
  return {
    put: async (location, posts) => {
      if (posts.length === 0) return
      const rows = posts.map((post) => ({
        ...post,
        publishedAt: new Date(post.publishedAt).toISOString(),
        nextReadAt: new Date(post.nextReadAt).toISOString(),
      }))
      await inTransaction(pool, (client) => client.query(PUT, [location, JSON.stringify(rows)]))
    },
    putTags: async (location, tags) => {
      if (tags.length > 0) await pool.query(PUT_TAGS, [location, JSON.stringify(tags)])
    },
    due: async (location, now, limit) => {
      const { rows } = await pool.query<{ post: string; publishedAt: number }>(
        `select post, (extract(epoch from published_at) * 1000)::float8 as "publishedAt" from social_posts
         where location = $1 and next_read_at <= $2 order by published_at desc limit $3`,
        [location, new Date(now), limit],
      )
      return rows
    },
    recordReactions: async (location, post, { reactions, readAt, isSettled, nextReadAt }) => {
      await pool.query(RECORD, [
        location,
        post,
        reactions?.likes ?? null,
        reactions?.comments ?? null,
        reactions?.shares ?? null,
        reactions !== undefined,
        new Date(readAt),
        isSettled,
        nextReadAt === null ? null : new Date(nextReadAt),
      ])
    },
  }
}
