import { useQuery } from '@tanstack/react-query'
import { backFillQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { plural } from '../../words/times.ts'
import { useBuilder, useBuilderState } from '../model/builder-context.ts'

/** What switching on with a back-fill would cost, for the draft as it is saved. */
export function BackFillForecast() {
  const { flow } = useBuilder()
  const revision = useBuilderState((state) => state.revision)
  const isSaved = useBuilderState((state) => state.save.kind === 'saved')
  const preview = useQuery({ ...backFillQuery(flow.id, revision), enabled: isSaved })
  if (preview.isError)
    return <ErrorState title="What the back-fill needs could not be read" error={preview.error} onRetry={() => void preview.refetch()} />
  if (!preview.data)
    return (
      <div role="status" aria-label="Counting what the back-fill needs">
        <Skeleton className="h-10 w-full" />
      </div>
    )
  const { sources, forecasts } = preview.data
  const runs = sources.reduce((sum, source) => sum + source.runs, 0)
  const isMore = sources.some((source) => source.isMore)
  return (
    <Note>
      <p>
        Starts {isMore && 'at least '}
        {plural(runs, 'run')}.
      </p>
      {forecasts.map(({ connectionId, connectionName, isAtLeast, forecast }) => (
        <p key={connectionId}>
          {forecasts.length > 1 && `${connectionName}: `}
          {forecasts.length > 1 ? 'this' : 'This'} back-fill needs {isAtLeast ? 'at least' : 'about'} {forecast.sentence}.
        </p>
      ))}
    </Note>
  )
}
