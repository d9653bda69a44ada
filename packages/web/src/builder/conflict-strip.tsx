import { problemOf } from '../server/problem.ts'
import { pluralForm } from '../words/times.ts'
import { Button } from '../ui/button.tsx'
import { say } from '../ui/toast.tsx'
import { useBuilder, useBuilderState } from './model/builder-context.ts'

/** Somebody else saved this draft meanwhile, or it could not be saved: what to do, before any work is lost. */
export function ConflictStrip() {
  const { store } = useBuilder()
  const save = useBuilderState((state) => state.save)
  const count = useBuilderState((state) => state.pending.length)
  const refusal = useBuilderState((state) => state.refusal)
  if (save.kind === 'conflict') {
    const { theirs } = save
    return (
      <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-attention-soft px-4 py-2 text-dense text-attention">
        <p className="min-w-0 flex-1 basis-64">
          <span className="font-medium">Somebody else changed this draft.</span>{' '}
          {pluralForm(count, 'Your last change is not saved yet.', `Your last ${count} changes are not saved yet.`)}
        </p>
        {theirs ? (
          <>
            <Button size="sm" onClick={() => store.takeTheirs(theirs, false, Date.now())}>
              Load theirs, drop mine
            </Button>
            <Button
              size="sm"
              variant="primary"
              onClick={() => {
                if (!store.takeTheirs(theirs, true, Date.now()))
                  say('Your changes do not fit on theirs', 'They touch a step that is gone there. Load theirs and make them again.')
              }}
            >
              Put mine on top of theirs
            </Button>
          </>
        ) : (
          <Button size="sm" onClick={() => window.location.reload()}>
            Reload
          </Button>
        )}
      </div>
    )
  }
  if (save.kind === 'failed') {
    const problem = problemOf(save.error)
    return (
      <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-failed-soft px-4 py-2 text-dense text-failed">
        <p className="min-w-0 flex-1 basis-64">
          <span className="font-medium">Not saved: {problem.message}</span> <span className="text-ink">{problem.hint}</span>
        </p>
        <Button size="sm" onClick={() => store.setSave({ kind: 'unsaved' })}>
          Save again
        </Button>
      </div>
    )
  }
  if (refusal !== undefined)
    return (
      <p role="alert" className="bg-attention-soft px-4 py-2 text-dense text-attention">
        {refusal}
      </p>
    )
  return null
}
