import type { OperationTry } from '@couplet/api'
import { JsonView } from '../../ui/json-view.tsx'

/** A write exactly as it would leave, without secrets. */
export function HeldWriteShown({ write }: { write: NonNullable<OperationTry['held']> }) {
  if (write.kind === 'own') return <JsonView value={write.data} label="Copy the content" openDepth={4} />
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="text-dense">
        <code className="text-caption">
          <span className="font-semibold">{write.method}</span> {write.url}
        </code>
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 font-mono text-caption">
        {Object.entries(write.headers).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {write.body !== undefined && <JsonView value={write.body} label="Copy the content" openDepth={4} />}
    </div>
  )
}
