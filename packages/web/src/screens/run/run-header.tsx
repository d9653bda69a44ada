import type { RunDetail } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { CopyButton } from '../../ui/copy-text.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { durationWords, exactTime } from '../../words/times.ts'
import { runLine, runStatus } from '../runs/run-words.ts'
import { waitedMs } from './run-times.ts'

/** Who, how it ended and what that means, before any detail. */
export function RunHeader({ run }: { run: RunDetail }) {
  const broken = run.steps.find(({ state }) => state === 'failed' || state === 'parked')
  const waited = waitedMs(run)
  const total =
    run.startedAt === null
      ? undefined
      : (run.finishedAt === null ? Date.now() : Date.parse(run.finishedAt)) - Date.parse(run.steps[0]?.startedAt ?? run.startedAt)
  const status = runStatus(run)
  return (
    <span className="block font-normal">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link to="/flows/$flowId" params={{ flowId: run.flowId }} className="font-semibold hover:underline">
          {run.flowName}
        </Link>
        <StatusBadge
          status={status}
          {...(broken && (status === 'failed' || status === 'parked')
            ? { word: `${status === 'failed' ? 'Failed' : 'Parked'} at ${broken.title}` }
            : {})}
          className="max-w-full overflow-hidden"
        />
      </span>
      <span className="mt-2 block max-w-[80ch] text-lead font-normal tracking-normal text-ink">{runLine(run)}</span>
      {run.fault?.hint && (
        <span className="mt-0.5 block max-w-[80ch] text-body font-normal tracking-normal text-soft">{run.fault.hint}</span>
      )}
      <span className="figures mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-dense font-normal tracking-normal text-soft">
        <span>{exactTime(run.createdAt)}</span>
        {total !== undefined && (
          <span>
            {durationWords(Math.max(0, total - waited))}
            {waited > 0 && ` + waited ${durationWords(waited)}`}
          </span>
        )}
        <span>version {run.version}</span>
        <EnvironmentMark environment={run.environment} />
        {run.replayOf && (
          <Link to="/runs/$runId" params={{ runId: run.replayOf }} className="text-accent-text hover:underline">
            Replay of an earlier run{run.replayFrom === 'failed' ? ', from the failed step' : ''}
          </Link>
        )}
        {run.fault?.traceId && (
          <span className="inline-flex items-center gap-1">
            Trace <code className="text-caption">{run.fault.traceId}</code> <CopyButton text={run.fault.traceId} label="Copy trace id" />
          </span>
        )}
        <span className="inline-flex items-center gap-1">
          <code className="text-caption">
            {run.id.slice(0, 4)}…{run.id.slice(-6)}
          </code>
          <CopyButton text={run.id} label="Copy run id" />
        </span>
      </span>
    </span>
  )
}
