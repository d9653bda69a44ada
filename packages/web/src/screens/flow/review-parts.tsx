import type { FlowReview } from '@couplet/api'
import { CircleAlert, CircleCheck, CircleX, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Disclosure } from '../../ui/disclosure.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { plural } from '../../words/times.ts'

const LOOKS: Record<'good' | 'attention' | 'bad', { icon: LucideIcon; tone: string }> = {
  good: { icon: CircleCheck, tone: 'text-done' },
  attention: { icon: CircleAlert, tone: 'text-attention' },
  bad: { icon: CircleX, tone: 'text-failed' },
}

/** One check with its answer. */
export function CheckLine({ title, verdict, children }: { title: string; verdict: 'good' | 'attention' | 'bad'; children: ReactNode }) {
  const { icon: Icon, tone } = LOOKS[verdict]
  return (
    <li className="flex gap-2 text-dense">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {title}
          {verdict !== 'good' && (
            <span className={`font-normal ${tone}`}>: {verdict === 'bad' ? 'has to be put right' : 'please look'}</span>
          )}
        </p>
        {children}
      </div>
    </li>
  )
}

/** What one event costs of each account, and a day of them as the last week was. */
export function QuotaForecast({ review }: { review: FlowReview }) {
  const { calls, eventsPerDay } = review
  const isTight = calls.some(({ forecast }) => forecast.day !== undefined && forecast.calls > forecast.day.left)
  return (
    <CheckLine title="Quota" verdict={isTight ? 'attention' : 'good'}>
      {calls.length === 0 ? (
        <p className="text-soft">No step calls a vendor.</p>
      ) : (
        <ul className="grid gap-1 text-soft">
          {calls.map(({ connection, perEvent, perItem, forecast }) => (
            <li key={connection.id}>
              {connection.name}: up to {plural(perEvent, 'call')} for each event
              {perItem > 0 && (perItem === perEvent ? ', times the items of its loop' : `, ${perItem} of them for each item of a loop`)}
              {'. '}
              {eventsPerDay > 0
                ? `A day as last week (${plural(eventsPerDay, 'event')}) is ${forecast.sentence}.`
                : `Now ${forecast.sentence}.`}
            </li>
          ))}
        </ul>
      )}
    </CheckLine>
  )
}

/** The request of every write with the data at hand; nothing was sent. */
export function DryRun({ review }: { review: FlowReview }) {
  const { writes } = review
  const failing = writes.filter(({ fault }) => fault !== undefined)
  return (
    <CheckLine title="Dry run of the writes" verdict={failing.length > 0 ? 'attention' : 'good'}>
      {writes.length === 0 ? (
        <p className="text-soft">No step changes anything.</p>
      ) : (
        <>
          <p className="text-soft">
            {plural(writes.length, 'write')} worked out with pinned and sample data; nothing was sent.
            {failing.length > 0 && ` ${plural(failing.length, 'step')} could not be worked out.`}
          </p>
          <ul>
            {writes.map(({ stepId, title, write, fault, connection }) => (
              <li key={stepId}>
                <Disclosure
                  title={
                    <span className={fault ? 'text-attention' : undefined}>
                      {title}
                      {connection && <span className="font-normal text-soft"> · {connection.name}</span>}
                    </span>
                  }
                >
                  <div className="grid gap-2 pl-5">
                    {fault && (
                      <p>
                        {fault.message} <span className="text-soft">{fault.hint}</span>
                      </p>
                    )}
                    {write?.kind === 'request' && (
                      <>
                        <code className="text-caption break-all">
                          <span className="font-semibold">{write.method}</span> {write.url}
                        </code>
                        {write.body !== undefined && <JsonView value={write.body} openDepth={3} label="Copy the body" />}
                      </>
                    )}
                    {write?.kind === 'own' && (
                      <>
                        <p>{write.title}</p>
                        <JsonView value={write.data} openDepth={2} />
                      </>
                    )}
                    {!write && !fault && <p className="text-soft">With this data it would change nothing.</p>}
                  </div>
                </Disclosure>
              </li>
            ))}
          </ul>
        </>
      )}
    </CheckLine>
  )
}
