import { platformWords } from '@couplet/core'
import type { PostFigures } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { postsQuery } from '../../server/statistics-queries.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { plural } from '../../words/times.ts'
import { useDashboard } from './filters.ts'
import { blockWords, known, WEEKDAYS } from './words.ts'

const PAGE = 50
const POSTS_MAX = 200

/** The posts behind a number, and from each the way to the runs that dealt with it. */
export function PostsTab() {
  const { search, filter, set } = useDashboard()
  const [limit, setLimit] = useState(PAGE)
  const { compare: _compare, ...scope } = filter
  const { tag, weekday, block } = search
  const sort = search.sort ?? 'engagement'
  const posts = useQuery(postsQuery({ ...scope, tag, weekday, block, sort, limit }))
  const narrowed = [
    tag !== undefined && `tagged "${tag}"`,
    weekday !== undefined && `on ${WEEKDAYS[weekday] ?? ''}s`,
    block !== undefined && `between ${blockWords(block)}`,
  ].filter((words) => words !== false)
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <Segmented
          label="Order"
          value={sort}
          options={[
            { value: 'engagement', label: 'Most engagement' },
            { value: 'newest', label: 'Newest' },
          ]}
          onChange={(value) => set({ sort: value === 'newest' ? value : undefined })}
        />
        {narrowed.length > 0 && (
          <span className="flex items-center gap-2 text-dense text-soft">
            {narrowed.join(', ')}
            <Button size="sm" variant="quiet" onClick={() => set({ tag: undefined, weekday: undefined, block: undefined })}>
              Show all posts
            </Button>
          </span>
        )}
        {posts.data && <span className="text-dense text-soft">{plural(posts.data.count, 'post')}</span>}
      </div>
      {posts.isPending ? (
        <SkeletonRows rows={8} label="Loading posts" />
      ) : posts.isError ? (
        <ErrorState error={posts.error} onRetry={() => void posts.refetch()} />
      ) : posts.data.posts.length === 0 ? (
        <p className="py-4 text-body text-soft">No post was published in this period{narrowed.length > 0 && ' that fits'}.</p>
      ) : (
        <>
          <Table
            label="Posts"
            rows={posts.data.posts}
            rowKey={({ location, post }) => `${location} ${post}`}
            columns={COLUMNS}
            rowHeight={64}
          />
          {posts.data.count > posts.data.posts.length && limit < POSTS_MAX && (
            <Button className="mt-4" isBusy={posts.isFetching} onClick={() => setLimit(POSTS_MAX)}>
              Show more posts
            </Button>
          )}
        </>
      )}
    </>
  )
}

const COLUMNS: readonly Column<PostFigures>[] = [
  {
    key: 'text',
    title: 'Post',
    track: 'minmax(0, 4fr)',
    cell: (post) => (
      <span className="min-w-0">
        <span className="line-clamp-2">{post.text || 'Without text'}</span>
        <span className="block truncate text-caption text-soft">
          {post.locationName} · <Time at={post.publishedAt} /> · {post.platforms.map(platformWords).join(', ')}
        </span>
      </span>
    ),
  },
  {
    key: 'tags',
    title: 'Tags',
    track: 'minmax(0, 2fr)',
    isWideOnly: true,
    cell: ({ tags }) => <span className="text-soft">{tags.join(', ') || '–'}</span>,
  },
  { key: 'likes', title: 'Likes', track: '64px', isRight: true, isWideOnly: true, cell: ({ likes }) => known(likes) },
  { key: 'comments', title: 'Comments', track: '84px', isRight: true, isWideOnly: true, cell: ({ comments }) => known(comments) },
  { key: 'shares', title: 'Shares', track: '64px', isRight: true, isWideOnly: true, cell: ({ shares }) => known(shares) },
  {
    key: 'engagement',
    title: 'Engagement',
    track: '104px',
    isRight: true,
    cell: ({ engagement, index, isSettled }) => (
      <>
        <span className="font-medium">{known(engagement)}</span>
        <span className="block text-caption text-soft">
          {engagement === null ? 'not counted' : isSettled ? `${index === null ? '–' : index.toFixed(1)}× the usual` : 'still growing'}
        </span>
      </>
    ),
  },
  {
    key: 'runs',
    title: 'Runs',
    track: '56px',
    isRight: true,
    cell: ({ post }) => (
      <Link
        to="/runs"
        search={{ search: post }}
        data-list-item
        className="rounded-sm text-accent-text hover:underline"
        aria-label="Runs that dealt with this post"
      >
        Runs
      </Link>
    ),
  },
]
