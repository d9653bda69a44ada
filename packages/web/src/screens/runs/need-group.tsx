import type { NeedGroup as Group } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleHelp, MessageCircleQuestion } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'
import { NeedItem } from './need-item.tsx'

const LOOKS = {
  uncertain: { icon: CircleHelp, tone: 'text-uncertain' },
  parked: { icon: CircleAlert, tone: 'text-attention' },
  question: { icon: MessageCircleQuestion, tone: 'text-running' },
} as const
const ITEMS_SHOWN = 10

const titleOf = (group: Group): string =>
  group.kind === 'uncertain'
    ? `Did “${group.stepTitle}” arrive?`
    : group.kind === 'parked'
      ? `“${group.stepTitle}” is parked`
      : `“${group.stepTitle}” asks for your answer`

/** Runs that stopped at one step for one reason. What is decided is decided for all that are ticked. */
export function NeedGroup({ group }: { group: Group }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [isWhole, setWhole] = useState(false)
  const keyOf = (item: Group['items'][number]) => `${item.runId}/${item.step}`
  // A single one has no tick to set.
  const chosen = group.items.length === 1 ? group.items : group.items.filter((item) => !left.has(keyOf(item)))
  const told = (done: string, refused: readonly { message: string }[]) =>
    say(done, refused.length > 0 ? `${plural(refused.length, 'run')} did not take part: ${refused[0]?.message}` : undefined)
  const resolve = useAct({
    run: (how: 'happened' | 'again') =>
      api.runs.resolveMany({ body: { how, items: chosen.map(({ runId, step }) => ({ run: runId, step })) } }),
    stales: ['runs', 'tasks'],
    onDone: ({ resolved, refused }) => told(plural(resolved, 'run goes on', 'runs go on'), refused),
  })
  const cancel = useAct({
    run: () => api.runs.cancelMany({ body: { runs: [...new Set(chosen.map(({ runId }) => runId))] } }),
    stales: ['runs', 'tasks'],
    onDone: ({ cancelled, refused }) => told(`${plural(cancelled, 'run')} cancelled`, refused),
  })
  const flip = (key: string) => {
    const next = new Set(left)
    if (!next.delete(key)) next.add(key)
    setLeft(next)
  }
  const { icon: Icon, tone } = LOOKS[group.kind]
  const isBusy = resolve.isPending || cancel.isPending
  const of = group.items.length === 1 ? '' : ` ${plural(chosen.length, 'run')}`
  const shown = isWhole ? group.items : group.items.slice(0, ITEMS_SHOWN)
  return (
    <section aria-label={`${titleOf(group)} ${group.flowName}`} className="min-w-0">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${tone}`} />
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lead font-semibold">{titleOf(group)}</h2>
          <p className="flex flex-wrap items-center gap-x-2 text-dense text-soft">
            <Link to="/flows/$flowId" params={{ flowId: group.flowId }} className="hover:underline">
              {group.flowName}
            </Link>
            <EnvironmentMark environment={group.environment} changes />
            <span className="figures">{plural(group.items.length, 'run')}</span>
          </p>
          <p className="mt-1 max-w-[72ch] text-dense">{group.reason}</p>
          {group.hint && <p className="max-w-[72ch] text-dense text-soft">{group.hint}</p>}
          {group.because && <p className="max-w-[72ch] text-dense text-soft">Couplet does not send it again by itself: {group.because}.</p>}
        </div>
        {group.kind !== 'question' && (
          <div className="flex flex-wrap gap-2">
            {group.kind === 'parked' && group.connectionId !== null && (
              <Link to="/connections" search={{ connection: group.connectionId }} className={buttonClass()}>
                Repair the connection
              </Link>
            )}
            <Button disabled={chosen.length === 0 || isBusy} onClick={() => cancel.mutate()}>
              Cancel{of || ' run'}
            </Button>
            {group.kind === 'uncertain' && (
              <Button disabled={chosen.length === 0 || isBusy} onClick={() => resolve.mutate('happened')}>
                It happened{of && ` in${of}`}
              </Button>
            )}
            <Button
              variant={group.kind === 'parked' ? 'primary' : 'secondary'}
              disabled={chosen.length === 0 || isBusy}
              onClick={() => resolve.mutate('again')}
            >
              {group.kind === 'uncertain' ? 'Send again' : 'Try again'}
              {of && ` in${of}`}
            </Button>
          </div>
        )}
      </header>
      {(resolve.isError || cancel.isError) && <ErrorState error={resolve.error ?? cancel.error} />}
      <ul className="mt-3 ml-7 divide-y divide-line border-t border-line max-sm:ml-0">
        {shown.map((item) => (
          <NeedItem
            key={keyOf(item)}
            item={item}
            isAnswered={group.kind === 'question'}
            tick={
              group.kind === 'question' || group.items.length === 1
                ? undefined
                : { isOn: !left.has(keyOf(item)), flip: () => flip(keyOf(item)) }
            }
          />
        ))}
      </ul>
      {group.items.length > shown.length && (
        <Button size="sm" variant="quiet" className="ml-7 max-sm:ml-0" onClick={() => setWhole(true)}>
          Show all {group.items.length}
        </Button>
      )}
    </section>
  )
}
