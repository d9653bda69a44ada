import type { FlowSummary } from '@couplet/api'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Section } from '../../shell/page.tsx'
import { flowQuery } from '../../server/queries.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'

const ASKED_MAX = 20
const SHOWN = 6

/** When the vendors are asked next. Triggers belong to a flow's page, so the flows that are on are read one by one, the newest ones only. */
export function NextPolls({ flows }: { flows: readonly FlowSummary[] }) {
  const on = flows.filter(({ state }) => state === 'on').slice(0, ASKED_MAX)
  const details = useQueries({ queries: on.map((flow) => ({ ...flowQuery(flow.id), staleTime: 30_000 })) })
  const polls = details
    .flatMap((detail) =>
      detail.data
        ? detail.data.triggers.flatMap((trigger) =>
            trigger.isOn && trigger.poll?.nextAt
              ? [
                  {
                    id: trigger.id,
                    flowId: detail.data.id,
                    name: detail.data.name,
                    place: trigger.connection?.name,
                    at: trigger.poll.nextAt,
                    hasFailed: trigger.poll.fault !== null,
                  },
                ]
              : [],
          )
        : [],
    )
    .toSorted((left, right) => left.at.localeCompare(right.at))
  if (polls.length === 0)
    return details.some(({ isPending }) => isPending) ? (
      <Section title="Next polls">
        <Skeleton className="h-40 w-full" />
      </Section>
    ) : null
  return (
    <Section title="Next polls">
      <ul className="divide-y divide-line text-dense">
        {polls.slice(0, SHOWN).map((poll) => (
          <li key={poll.id} className="flex justify-between gap-4 py-2 first:pt-0">
            <Link to="/flows/$flowId" params={{ flowId: poll.flowId }} className="min-w-0 truncate hover:underline">
              {poll.name} {poll.place && <span className="text-soft">{poll.place}</span>}
            </Link>
            <span className="shrink-0 text-caption text-soft">
              {poll.hasFailed && <span className="mr-2 text-attention">last one failed</span>}
              <Time at={poll.at} relative />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
