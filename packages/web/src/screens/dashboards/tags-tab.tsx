import type { TagFigures } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'lucide-react'
import { tagsQuery } from '../../server/statistics-queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { EarnedRange, VERDICT_WORDS } from './earned-range.tsx'
import { useDashboard } from './filters.ts'
import { known } from './words.ts'

const TRENDS: Record<TagFigures['trend'], string> = { up: 'gaining', down: 'losing', steady: 'steady', unknown: '–' }

/** Which tags earn engagement, and how certain that is. */
export function TagsTab() {
  const { filter, set } = useDashboard()
  const tags = useQuery(tagsQuery(filter))
  if (tags.isPending) return <SkeletonRows rows={8} label="Loading tags" />
  if (tags.isError) return <ErrorState error={tags.error} onRetry={() => void tags.refetch()} />
  if (tags.data.tags.length === 0)
    return (
      <EmptyState icon={Tag} title="No tagged posts in this period">
        Tags of the Social Planner are read with the posts. Choose a longer period, or tag posts in HighLevel.
      </EmptyState>
    )
  const columns: Column<TagFigures>[] = [
    {
      key: 'tag',
      title: 'Tag',
      track: 'minmax(0, 2fr)',
      cell: ({ tag, verdict }) => (
        <span className="min-w-0">
          <button
            type="button"
            data-list-item
            onClick={() => set({ tab: 'posts', tag, weekday: undefined, block: undefined })}
            className="max-w-full truncate rounded-sm text-left font-medium hover:underline"
          >
            {tag}
          </button>
          {verdict !== 'too-few' && <span className="block text-caption text-soft">{VERDICT_WORDS[verdict]}</span>}
        </span>
      ),
    },
    { key: 'index', title: 'Engagement against the usual post (1×)', track: 'minmax(0, 4fr)', cell: (row) => <EarnedRange earned={row} /> },
    { key: 'engagement', title: 'Per post', track: '80px', isRight: true, isWideOnly: true, cell: ({ engagement }) => known(engagement) },
    {
      key: 'posts',
      title: 'Posts',
      track: '88px',
      isRight: true,
      cell: ({ posts, settled }) => (
        <>
          {known(posts)}
          <span className="block text-caption text-soft">{settled} settled</span>
        </>
      ),
    },
    { key: 'trend', title: 'Trend', track: '80px', isRight: true, isWideOnly: true, cell: ({ trend }) => TRENDS[trend] },
  ]
  return (
    <>
      <p className="mb-3 max-w-[80ch] text-dense text-soft">
        Likes, comments and shares of a post a week after it came out, against the usual post of the same location. The bar is where the
        true value lies with 95 % certainty over all tags together; nothing is claimed from fewer than {tags.data.minimum} settled posts.
      </p>
      <Table label="Tags" rows={tags.data.tags} rowKey={({ tag }) => tag} columns={columns} rowHeight={52} />
    </>
  )
}
