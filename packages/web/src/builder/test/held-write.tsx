import type { HeldWriteView } from '@couplet/api'
import { ShieldAlert } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { JsonView } from '../../ui/json-view.tsx'

/** What would leave, exactly, before it does: nothing is sent until a person says so. */
export function HeldWrite({
  write,
  where,
  isBusy,
  onSend,
  onDrop,
}: {
  write: HeldWriteView
  /** Name of the account, or Couplet. */
  where: string
  isBusy: boolean
  onSend: () => void
  onDrop: () => void
}) {
  return (
    <section aria-label="Before anything is sent" className="rounded-md border border-attention">
      <p role="alert" className="flex items-start gap-2 bg-attention-soft px-3 py-2 text-dense text-attention">
        <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>
          <span className="font-medium">Nothing has been sent yet.</span>{' '}
          {write.kind === 'request' ? `This request would change data at ${where}:` : `This would change data in ${where}:`}
        </span>
      </p>
      <div className="grid gap-3 p-3">
        {write.kind === 'request' ? (
          <>
            <code className="text-caption break-all">
              <span className="font-semibold">{write.method}</span> {write.url}
            </code>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 font-mono text-caption">
              {Object.entries(write.headers).map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-soft">{name}</dt>
                  <dd className="truncate">{value}</dd>
                </div>
              ))}
            </dl>
            {write.body === undefined ? (
              <p className="text-caption text-soft">It has no body.</p>
            ) : (
              <JsonView value={write.body} openDepth={4} label="Copy the body" />
            )}
          </>
        ) : (
          <>
            <p className="text-dense font-medium">{write.title}</p>
            <JsonView value={write.data} openDepth={4} />
          </>
        )}
        <div className="flex flex-wrap items-center gap-2">
          {/* Only requests to live accounts are held; Couplet's own data has no environment. */}
          <LiveBadge environment={write.kind === 'request' ? 'live' : undefined} />
          <Button variant="primary" isBusy={isBusy} onClick={onSend}>
            {write.kind === 'request' ? 'Send this request' : 'Do this'}
          </Button>
          <Button onClick={onDrop}>{write.kind === 'request' ? 'Do not send' : 'Do nothing'}</Button>
        </div>
      </div>
    </section>
  )
}
