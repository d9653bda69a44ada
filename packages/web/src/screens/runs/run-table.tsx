import type { RunSummary } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { durationWords, relativeTime } from '../../words/times.ts'
import { runLine, runStatus } from './run-words.ts'

const took = (run: RunSummary): string =>
  run.startedAt === null
    ? ''
    : run.finishedAt === null
      ? `since ${relativeTime(run.startedAt).replace(' ago', '')}`
      : durationWords(Date.parse(run.finishedAt) - Date.parse(run.createdAt))

const columnsFor = (hasFlow: boolean): readonly Column<RunSummary>[] => [
  { key: 'state', title: 'State', track: '112px', isWideOnly: true, cell: (run) => <StatusBadge status={runStatus(run)} plain /> },
  {
    key: 'run',
    title: hasFlow ? 'Flow and what happened' : 'What happened',
    track: 'minmax(0, 1fr)',
    cell: (run) => (
      <div className="min-w-0">
        <StatusBadge status={runStatus(run)} plain className="md:hidden" />
        <Link
          to="."
          search={(search) => ({ ...search, run: run.id })}
          preload={false}
          data-list-item
          className="block truncate font-medium text-ink after:absolute after:inset-0 hover:underline"
        >
          {hasFlow ? run.flowName : runLine(run)}
        </Link>
        {hasFlow && <span className={`block truncate ${run.fault ? 'text-failed' : 'text-soft'}`}>{runLine(run)}</span>}
      </div>
    ),
  },
  {
    key: 'environment',
    title: 'Environment',
    track: '96px',
    isWideOnly: true,
    cell: (run) => <EnvironmentMark environment={run.environment} />,
  },
  {
    key: 'took',
    title: 'Took',
    track: '120px',
    isWideOnly: true,
    isRight: true,
    cell: (run) => <span className="text-soft">{took(run)}</span>,
  },
  {
    key: 'at',
    title: 'Started',
    track: 'minmax(64px, auto)',
    isRight: true,
    cell: (run) => <Time at={run.createdAt} className="text-soft" />,
  },
]
const WITH_FLOW = columnsFor(true)
const WITHOUT_FLOW = columnsFor(false)
const NARROW = new Set(['state', 'run', 'at'])
const narrow = (columns: readonly Column<RunSummary>[]) => columns.filter(({ key }) => NARROW.has(key))

export function RunTable({
  runs,
  hasFlow = true,
  isNarrow = false,
  onEnd,
}: {
  runs: readonly RunSummary[]
  hasFlow?: boolean
  /** Beside other things on a page: only what matters. */ isNarrow?: boolean
  onEnd?: (() => void) | undefined
}) {
  const columns = hasFlow ? WITH_FLOW : WITHOUT_FLOW
  return (
    <Table
      label="Runs"
      rows={runs}
      columns={isNarrow ? narrow(columns) : columns}
      rowKey={(run) => run.id}
      rowHeight={hasFlow ? 56 : 44}
      onEnd={onEnd}
    />
  )
}
