import type { NeedGroup } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Time } from '../../ui/time.tsx'
import { ExchangeView } from '../run/exchange.tsx'

/** One run of a group: since when, what was sent or given, and for questions the two answers. */
export function NeedItem({
  item,
  isAnswered,
  tick,
}: {
  item: NeedGroup['items'][number]
  isAnswered: boolean
  tick: { isOn: boolean; flip: () => void } | undefined
}) {
  const answer = useAct({
    run: (approved: boolean) => api.runs.answer({ params: { run: item.runId }, body: { step: item.step, approved } }),
    stales: ['runs', 'tasks'],
  })
  return (
    <li className="flex items-start gap-3 py-1.5">
      {tick && (
        <input
          type="checkbox"
          checked={tick.isOn}
          onChange={tick.flip}
          aria-label="Decide for this run too"
          className="mt-2 size-4 accent-(--accent)"
        />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-dense">
          <Link to="/runs/$runId" params={{ runId: item.runId }} search={{ step: item.step }} data-list-item className="hover:underline">
            Since <Time at={item.since} />
          </Link>
          {item.exchange && (
            <code className="min-w-0 flex-1 truncate text-caption text-soft">
              {item.exchange.method} {item.exchange.url}
            </code>
          )}
          {isAnswered && (
            <span className="ml-auto flex gap-2">
              <Button needs="runs.act" size="sm" disabled={answer.isPending} onClick={() => answer.mutate(false)}>
                Decline
              </Button>
              <Button needs="runs.act" size="sm" variant="primary" isBusy={answer.isPending} onClick={() => answer.mutate(true)}>
                Approve
              </Button>
            </span>
          )}
        </div>
        {answer.isError && <ErrorState error={answer.error} />}
        {(item.exchange ?? item.input) !== undefined && (
          <Disclosure title={item.exchange ? 'What was sent and answered' : 'What the step was given'}>
            {item.exchange ? <ExchangeView exchange={item.exchange} /> : <JsonView value={item.input} />}
          </Disclosure>
        )}
      </div>
    </li>
  )
}
