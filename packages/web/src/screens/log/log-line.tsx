import type { LogCall, LogEntry } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { Activity, Bell, type LucideIcon, ScrollText, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-text.tsx'
import { cx } from '../../ui/cx.ts'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { plural } from '../../words/times.ts'
import { eventWords } from '../audit/event-words.ts'

/** One thing that happened, with the way to it. */
export function LogLine({ entry, asked }: { entry: LogEntry; asked: string | undefined }) {
  switch (entry.kind) {
    case 'run':
      return (
        <Line icon={Activity} kind="Run" entry={entry}>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Link to="." search={(search) => ({ ...search, run: entry.id })} preload={false} className="font-medium hover:underline">
              {entry.flowName}
            </Link>
            <StatusBadge status={entry.state} plain />
            <EnvironmentMark environment={entry.environment} />
            {entry.because !== '' && <span className="text-caption text-soft">{entry.because}</span>}
          </p>
          {entry.summary && <p className="text-soft">{entry.summary}</p>}
          <Calls run={entry.id} calls={entry.calls} more={entry.moreCalls} asked={asked} />
        </Line>
      )
    case 'delivery':
      return (
        <Line icon={Webhook} kind="Delivery" entry={entry}>
          <p className="flex flex-wrap items-baseline gap-x-3">
            <Link
              to="/flows/$flowId"
              params={{ flowId: entry.flowId }}
              search={{ tab: 'deliveries' }}
              className="font-medium hover:underline"
            >
              {entry.topic}
            </Link>
            <span className="text-soft">{entry.state}</span>
            <span className="text-caption text-soft">for {entry.flowName}</span>
          </p>
          {entry.reason && <p className="text-soft">{entry.reason}</p>}
        </Line>
      )
    case 'incident':
      return (
        <Line icon={Bell} kind="Incident" entry={entry}>
          <p className="flex flex-wrap items-center gap-x-3">
            <Link to="/incidents/$incidentId" params={{ incidentId: entry.id }} className="font-medium hover:underline">
              {entry.title}
            </Link>
            <span className="text-soft">{entry.isOpen ? 'open' : 'over'}</span>
            <EnvironmentMark environment={entry.environment} />
          </p>
        </Line>
      )
    case 'audit':
      return (
        <Line icon={ScrollText} kind="Change" entry={entry}>
          <p className="flex flex-wrap items-baseline gap-x-3">
            <Link to="/settings/audit" search={{ object: objectOf(entry.objects) }} className="font-medium hover:underline">
              {eventWords(entry.event)}
            </Link>
            {entry.objects['name'] && <span>{entry.objects['name']}</span>}
            <span className="text-soft">by {entry.actor}</span>
          </p>
          {entry.requestId && <p className="font-mono text-caption text-soft">{entry.requestId}</p>}
        </Line>
      )
    default:
      return entry satisfies never
  }
}

const objectOf = (objects: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(objects).find(([kind]) => kind !== 'name')?.[1]

function Line({ icon: Icon, kind, entry, children }: { icon: LucideIcon; kind: string; entry: LogEntry; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[112px_minmax(0,1fr)_auto] gap-x-4 py-2.5 text-dense max-md:grid-cols-1 max-md:gap-y-1">
      <p className="flex items-baseline justify-between gap-2 text-soft max-md:justify-start md:block">
        <span className="inline-flex items-center gap-1.5">
          <Icon aria-hidden className="size-4 text-icon" strokeWidth={1.75} />
          {kind}
        </span>
        <Time at={entry.at} className="block text-caption" />
      </p>
      <div className="grid min-w-0 content-start gap-0.5">{children}</div>
      <p className="flex min-w-0 items-center gap-1 self-start text-caption text-soft">
        <code className="truncate">{entry.id}</code>
        <CopyButton text={entry.id} label="Copy the id" />
      </p>
    </li>
  )
}

function Calls({ run, calls, more, asked }: { run: string; calls: readonly LogCall[]; more: number; asked: string | undefined }) {
  if (calls.length === 0) return null
  return (
    <ul aria-label="Calls" className="my-1 grid gap-1 border-l-2 border-line pl-3">
      {calls.map((call) => (
        <li key={`${call.at} ${call.step} ${call.url}`} className="min-w-0">
          <p className="flex min-w-0 items-baseline gap-x-2">
            <span className={cx('figures shrink-0', call.fault === undefined ? 'text-soft' : 'text-failed')}>
              {call.status ?? 'no answer'}
            </span>
            <span className="shrink-0">{call.method}</span>
            <Link
              to="/runs/$runId"
              params={{ runId: run }}
              search={{ step: call.step }}
              title={call.url}
              className="min-w-0 truncate font-mono text-caption hover:underline"
            >
              {call.url}
            </Link>
          </p>
          <p className="flex flex-wrap items-baseline gap-x-3 text-caption text-soft">
            <span>step {call.step}</span>
            <span className="figures">{Math.round(call.tookMs)} ms</span>
            {call.traceId !== undefined && call.traceId !== asked && (
              <Link to="/log" search={{ id: call.traceId }} className="underline underline-offset-2">
                trace {call.traceId}
              </Link>
            )}
            {call.fault && <span className="text-failed">{call.fault}</span>}
          </p>
        </li>
      ))}
      {more > 0 && <li className="text-caption text-soft">and {plural(more, 'more call')}</li>}
    </ul>
  )
}
