import type { FlowSummary } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Tip } from '../../ui/tooltip.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { figures, plural } from '../../words/times.ts'

const vendorsOf = (flow: FlowSummary): string[] => [...new Set(flow.connections.map(({ connector }) => connector))]

/** Share of ended runs of the last seven days that did not fail. */
function Success({ counts }: { counts: FlowSummary['counts'] }) {
  const good = (counts.done ?? 0) + (counts.skipped ?? 0)
  const bad = counts.failed ?? 0
  const held = counts.parked ?? 0
  if (good + bad + held === 0) return <span className="text-faint">no runs in 7 days</span>
  const share = good + bad === 0 ? undefined : Math.floor((good / (good + bad)) * 100)
  return (
    <span className="grid gap-1">
      <span className="flex items-baseline justify-between gap-2">
        <span className={bad > 0 ? 'font-medium text-failed' : 'text-ink'}>{share === undefined ? 'none ended' : `${share} %`}</span>
        <span className="text-caption text-soft">
          {plural(good + bad + held, 'run')}
          {held > 0 && `, ${figures(held)} parked`}
        </span>
      </span>
      <span aria-hidden className="flex h-1 overflow-hidden rounded-full bg-well">
        <span className="bg-icon" style={{ flexGrow: good }} />
        <span className="bg-failed" style={{ flexGrow: bad }} />
        <span className="bg-attention" style={{ flexGrow: held }} />
      </span>
    </span>
  )
}

function Locations({ flow }: { flow: FlowSummary }) {
  const [first, ...others] = flow.connections
  if (!first) return <span className="text-faint">no connections</span>
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <VendorTile connector={first.connector} size="sm" isNamed />
      <span className="truncate">{first.name}</span>
      {others.length > 0 && (
        <Tip text={others.map(({ name }) => name).join(', ')}>
          <button type="button" className="relative z-1 rounded-sm px-1 text-caption whitespace-nowrap text-soft hover:bg-well">
            +{others.length}
          </button>
        </Tip>
      )}
    </span>
  )
}

const COLUMNS: readonly Column<FlowSummary>[] = [
  {
    key: 'name',
    title: 'Flow',
    track: 'minmax(0, 5fr)',
    cell: (flow) => (
      <div className="flex items-start gap-3">
        <span className="mt-0.5 flex -space-x-1.5">
          {vendorsOf(flow).length === 0 ? (
            <VendorTile connector="builtin" />
          ) : (
            vendorsOf(flow)
              .slice(0, 2)
              .map((vendor) => <VendorTile key={vendor} connector={vendor} isNamed />)
          )}
        </span>
        <span className="min-w-0">
          <Link
            to="/flows/$flowId"
            params={{ flowId: flow.id }}
            data-list-item
            className="font-medium text-ink after:absolute after:inset-0 hover:underline"
          >
            {flow.name}
          </Link>
          <span className="line-clamp-2 text-soft">{flow.sentence}</span>
        </span>
      </div>
    ),
  },
  {
    key: 'state',
    title: 'State',
    track: '96px',
    cell: (flow) => (
      <div className="flex flex-col items-start">
        <StatusBadge status={flow.state} plain />
        <EnvironmentMark environment={flow.environment} />
      </div>
    ),
  },
  { key: 'locations', title: 'Connections', track: 'minmax(0, 2fr)', isWideOnly: true, cell: (flow) => <Locations flow={flow} /> },
  {
    key: 'last',
    title: 'Last run',
    track: '136px',
    isWideOnly: true,
    cell: (flow) =>
      flow.lastRun ? (
        <Link to="/runs/$runId" params={{ runId: flow.lastRun.id }} className="relative z-1 flex flex-col items-start hover:underline">
          <StatusBadge status={flow.lastRun.state} plain />
          <Time at={flow.lastRun.at} relative className="text-caption text-soft" />
        </Link>
      ) : (
        <span className="text-faint">never ran</span>
      ),
  },
  { key: 'success', title: 'Success, 7 days', track: '148px', isWideOnly: true, cell: (flow) => <Success counts={flow.counts} /> },
  {
    key: 'version',
    title: 'Version',
    track: '96px',
    isWideOnly: true,
    cell: (flow) => (
      <span className="flex flex-col">
        <span className="figures">{flow.version === null ? 'none' : `v${flow.version}`}</span>
        {flow.isDraftChanged && flow.version !== null && <span className="text-caption text-soft">draft changed</span>}
      </span>
    ),
  },
]

export const FlowTable = ({ flows }: { flows: readonly FlowSummary[] }) => (
  <Table label="Flows" rows={flows} columns={COLUMNS} rowKey={(flow) => flow.id} rowHeight={64} />
)
