import type { Pool } from 'pg'
import type { Environment } from '../tables.ts'
import type { FigureScope } from './social-figures.ts'

/**
 * A group of posts. `index`: engagement against what is usual at the location, 1 is usual; so that large and small locations can be compared.
 * Only posts that have settled are in it; `posts` counts all.
 */
export type PostGroup = { posts: number; settled: number; engagement: number | null; index: number | null; deviation: number | null }
export type TagGroup = PostGroup & { tag: string; locations: number }
/** `weekday`: 0 is Monday. `block`: four hours, 0 begins at midnight. Of the location's time. */
export type TimeGroup = PostGroup & { weekday: number | null; block: number | null }

export type PostRow = {
  location: number
  environment: Environment
  locationName: string
  post: string
  publishedAt: number
  kind: string
  text: string
  tags: string[]
  platforms: string[]
  likes: number | null
  comments: number | null
  shares: number | null
  engagement: number | null
  index: number | null
  isSettled: boolean
  readAt: number | null
}

export type PostFilter = { tag?: string | undefined; weekday?: number | undefined; block?: number | undefined }

export type SocialAnalysisRepository = {
  byTag(scope: FigureScope): Promise<TagGroup[]>
  /** By weekday, by block, and by both. */
  byTime(scope: FigureScope): Promise<TimeGroup[]>
  posts(
    scope: FigureScope,
    filter: PostFilter,
    page: { sort: 'newest' | 'engagement'; skip: number; limit: number },
  ): Promise<{ posts: PostRow[]; count: number }>
}

/** Posts of the period with what is usual at their location; a day begins at midnight of the location's zone. */
const POSTS = `
  posts as (
    select *, avg(settled_engagement) over (partition by location) as usual from (
      select p.*, l.name as location_name, l.environment, p.published_at at time zone l.zone as local_at,
        coalesce(p.likes, p.comments, p.shares) is not null as is_known,
        coalesce(p.likes, 0) + coalesce(p.comments, 0) + coalesce(p.shares, 0) as engagement,
        case when p.settled_at is not null and coalesce(p.likes, p.comments, p.shares) is not null
          then coalesce(p.likes, 0) + coalesce(p.comments, 0) + coalesce(p.shares, 0) end as settled_engagement
      from social_locations l join social_posts p on p.location = l.id
      where l.workspace_id = $1 and ($2::text is null or l.environment = $2) and ($3::int[] is null or l.id = any($3))
        and ($4::text[] is null or p.platforms && $4)
        and p.published_at >= ($5::date - 1)::timestamptz and p.published_at < ($6::date + 2)::timestamptz
        and (p.published_at at time zone l.zone)::date between $5 and $6) as of_period)`

const GROUP = `count(*)::int as posts, count(settled_engagement)::int as settled, avg(settled_engagement)::float8 as engagement,
  avg(settled_engagement / nullif(usual, 0))::float8 as index, stddev_samp(settled_engagement / nullif(usual, 0))::float8 as deviation`

const BY_TAG = `
  with ${POSTS}, tagged as (
    select p.*, lower(t.name) as tag_key, t.name as tag_name from posts p cross join lateral unnest(p.tags) as u (tag)
    join social_tags t on t.location = p.location and t.tag = u.tag)
  select min(tag_name) as tag, count(distinct location)::int as locations, ${GROUP} from tagged group by tag_key order by count(*) desc, 1 limit 500`

const WEEKDAY = `(extract(isodow from local_at)::int - 1)`
const BLOCK = `(extract(hour from local_at)::int / 4)`

const BY_TIME = `
  with ${POSTS}
  select weekday, block, ${GROUP} from (select *, ${WEEKDAY} as weekday, ${BLOCK} as block from posts) as p
  group by grouping sets ((weekday), (block), (weekday, block)) order by weekday, block`

const LISTED = `
  with ${POSTS}, listed as (
    select *, ${WEEKDAY} as weekday, ${BLOCK} as block,
      array(select t.name from unnest(posts.tags) as u (tag) join social_tags t on t.location = posts.location and t.tag = u.tag) as tag_names from posts)
  select location, environment, location_name as "locationName", post, (extract(epoch from published_at) * 1000)::float8 as "publishedAt", kind, text,
    tag_names as tags, platforms, likes, comments, shares, case when is_known then engagement end as engagement,
    (settled_engagement / nullif(usual, 0))::float8 as index, settled_at is not null as "isSettled",
    (extract(epoch from read_at) * 1000)::float8 as "readAt", (count(*) over ())::int as count
  from listed
  where ($7::text is null or lower($7) = any(select lower(name) from unnest(tag_names) as n (name)))
    and ($8::int is null or weekday = $8) and ($9::int is null or block = $9)`

/** What posts earn, by tag and by time. */
export function socialAnalysisRepository(pool: Pool): SocialAnalysisRepository {
  const values = (scope: FigureScope): unknown[] => [
    scope.workspaceId,
    scope.environment ?? null,
    scope.locations && scope.locations.length > 0 ? scope.locations : null,
    scope.platforms && scope.platforms.length > 0 ? scope.platforms : null,
    scope.from,
    scope.to,
  ]
  return {
    byTag: async (scope) => (await pool.query<TagGroup>(BY_TAG, values(scope))).rows,
    byTime: async (scope) => (await pool.query<TimeGroup>(BY_TIME, values(scope))).rows,
    posts: async (scope, filter, { sort, skip, limit }) => {
      const order = sort === 'newest' ? 'published_at desc, post' : 'engagement desc nulls last, published_at desc, post'
      const { rows } = await pool.query<PostRow & { count: number }>(`${LISTED} order by ${order} offset $10 limit $11`, [
        ...values(scope),
        filter.tag ?? null,
        filter.weekday ?? null,
        filter.block ?? null,
        skip,
        limit,
      ])
      return { posts: rows.map(({ count: _count, ...post }) => post), count: rows[0]?.count ?? 0 }
    },
  }
}
