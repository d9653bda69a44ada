import type { PromotionView } from '@couplet/api'
import { JsonView } from '../../ui/json-view.tsx'
import { Note } from '../../ui/note.tsx'

/** What would be sent first, exactly as it would leave. Nothing of it was. */
export function FirstWrites({ dryRun }: { dryRun: NonNullable<PromotionView['dryRun']> }) {
  return (
    <div className="mt-6">
      <h3 className="mb-1 text-dense font-semibold">First writes</h3>
      <p className="mb-3 text-caption text-soft">
        Nothing was sent. Tried with {dryRun.from === 'captured' ? 'what came in last' : 'the sample of the trigger'}; reads were made at
        the live accounts.
      </p>
      {dryRun.writes.length === 0 && !dryRun.stopped && <p className="text-dense text-soft">With this data the flow writes nothing.</p>}
      <ol className="grid gap-4">
        {dryRun.writes.map(({ stepId, title, write }, index) => (
          <li key={stepId} className="min-w-0">
            <p className="text-dense font-medium">
              {index + 1}. {title}
            </p>
            {write.kind === 'request' ? (
              <>
                <p className="mt-1 text-caption break-all">
                  <code>
                    {write.method} {write.url}
                  </code>
                </p>
                {write.body !== undefined && <JsonView value={write.body} />}
              </>
            ) : (
              <>
                <p className="mt-1 text-caption text-soft">{write.title}</p>
                <JsonView value={write.data} />
              </>
            )}
          </li>
        ))}
      </ol>
      {dryRun.stopped && (
        <Note tone="attention" className="mt-3">
          <p className="font-medium">The dry run went no further: {dryRun.stopped.message}</p>
          {dryRun.stopped.hint && <p className="text-ink">{dryRun.stopped.hint}</p>}
        </Note>
      )}
    </div>
  )
}
