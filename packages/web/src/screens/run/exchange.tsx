import type { ExchangeView as Exchange } from '@couplet/api'
import { CopyText } from '../../ui/copy-text.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { durationWords, exactTime } from '../../words/times.ts'

/** One call to a vendor: request and answer, without secrets. */
export function ExchangeView({ exchange }: { exchange: Exchange }) {
  const isGood = exchange.status !== undefined && exchange.status < 400
  const headers = Object.entries(exchange.responseHeaders)
  return (
    <article aria-label={`${exchange.method} ${exchange.url}`} className="grid gap-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-dense">
        <code className="min-w-0 text-caption">
          <span className="font-semibold">{exchange.method}</span> {exchange.url}
        </code>
        <span className={`figures font-medium ${isGood ? 'text-done' : 'text-failed'}`}>{exchange.status ?? 'No answer'}</span>
        <span className="figures text-soft" title={exactTime(exchange.startedAt)}>
          {durationWords(exchange.tookMs)}
        </span>
      </header>
      {exchange.fault && <p className="text-dense text-failed">{exchange.fault.message}</p>}
      {exchange.traceId && (
        <p className="flex items-center gap-2 text-dense text-soft">
          Trace id of the vendor <CopyText text={exchange.traceId} label="Copy trace id" />
        </p>
      )}
      {exchange.requestBody !== undefined && <Part title="Request body" value={exchange.requestBody} />}
      {exchange.responseBody !== undefined && <Part title="Answer" value={exchange.responseBody} />}
      {headers.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 font-mono text-caption">
          {headers.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-soft">{name}</dt>
              <dd className="truncate">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  )
}

const Part = ({ title, value }: { title: string; value: unknown }) => (
  <div>
    <h3 className="mb-1 text-caption font-medium text-soft">{title}</h3>
    <JsonView value={value} label={`Copy ${title.toLowerCase()}`} />
  </div>
)
