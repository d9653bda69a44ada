import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { needsQuery } from '../../server/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { NeedGroup } from './need-group.tsx'

/** Everything that waits for a person: one cause is one decision, however many runs it stopped. */
export function Needs({ flow, environment }: { flow: string | undefined; environment: 'sandbox' | 'live' | undefined }) {
  const needs = useQuery(needsQuery({ flow, environment }))
  if (needs.isPending) return <SkeletonRows rows={4} label="Loading what needs a person" />
  if (needs.isError) return <ErrorState error={needs.error} onRetry={() => void needs.refetch()} />
  const { groups, hasMore } = needs.data
  if (groups.length === 0)
    return (
      <EmptyState icon={CircleCheck} title="Nothing needs you">
        When a write may or may not have arrived, when an account must be repaired, or when a flow asks for approval, the runs wait here
        until you decide.
      </EmptyState>
    )
  return (
    <div className="grid max-w-5xl gap-8">
      {hasMore && <Note>These are the newest runs that wait. Older ones show when these are decided.</Note>}
      {groups.map((group) => (
        <NeedGroup key={group.key} group={group} />
      ))}
    </div>
  )
}
