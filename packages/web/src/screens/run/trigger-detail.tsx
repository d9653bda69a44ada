import type { RunDetail } from '@couplet/api'
import { JsonView } from '../../ui/json-view.tsx'
import { KeyValue } from '../../ui/key-value.tsx'

/** The fact that started the run. */
export function TriggerDetail({ run }: { run: RunDetail }) {
  return (
    <section aria-label="What started the run">
      <h2 className="mb-3 text-lead font-semibold">What started it</h2>
      <KeyValue
        rows={[['Key of the fact', run.key === null ? 'none: started by hand' : <code className="text-caption">{run.key}</code>]]}
      />
      <div className="mt-4">
        <JsonView value={run.fact} openDepth={3} />
      </div>
    </section>
  )
}
