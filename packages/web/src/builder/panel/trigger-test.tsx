import type { RecentFact } from '@couplet/api'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Pin, Search } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { factWords } from '../../screens/run/fact-words.ts'
import { Button } from '../../ui/button.tsx'
import { EnvironmentMark } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { asJson } from '../model/sample-data.ts'
import { AccountsChoice } from '../test/accounts-choice.tsx'
import { PinnedNote } from '../test/pinned-note.tsx'
import { TypedResult } from '../test/typed-result.tsx'
import { operationQuery } from '../../server/queries.ts'

/** The data a test begins with: what came in, what the vendor has now, the sample, or typed. */
export function TriggerTest() {
  const { flow, lookup, data } = useBuilder()
  const definition = useDefinition()
  const { trigger } = definition
  const operation = useQuery(operationQuery(trigger.operation, trigger.version))
  const ask = (from: 'captured' | 'vendor', signal?: AbortSignal) =>
    api.flowTests.facts({
      params: { flow: flow.id },
      body: { definition, from, ...data.accounts },
      ...(signal ? { signal } : {}),
    })
  const captured = useQuery({
    queryKey: ['runs', 'facts', flow.id, trigger.operation],
    queryFn: async ({ signal }) => (await ask('captured', signal)).facts,
  })
  const look = useMutation({ mutationFn: async () => (await ask('vendor')).facts })
  const pin = data.pins.get('trigger')
  const sample = lookup(trigger.operation, trigger.version)?.sample
  const canLook = operation.data?.wires.includes('poll') === true
  const slots = trigger.connection === undefined ? [] : [trigger.connection]
  const use = (fact: unknown, source: 'captured' | 'typed') => {
    const kept = asJson(fact)
    if (kept !== undefined) data.pin('trigger', kept, source)
  }
  return (
    <div className="grid gap-6">
      {pin ? (
        <PinnedNote pin={pin} />
      ) : (
        <section>
          <h3 className="mb-1 text-dense font-medium">
            Tests begin with {data.originOf('trigger') === 'run' ? 'the last run' : 'the sample'}
          </h3>
          <JsonView value={data.values['trigger'] ?? sample} openDepth={2} />
        </section>
      )}
      {canLook && (
        <section>
          <h3 className="mb-1 text-dense font-medium">What {vendorName(trigger.operation.split('.')[0] ?? '')} has now</h3>
          <div className="flex flex-wrap items-center gap-2">
            <AccountsChoice slots={slots} />
            <Button icon={Search} isBusy={look.isPending} onClick={() => look.mutate()}>
              Look now
            </Button>
          </div>
          <p className="mt-1 text-caption text-soft">Only a look: nothing is started and nothing is remembered.</p>
          {look.isError && <ErrorState error={look.error} onRetry={() => look.mutate()} />}
          {look.data && <Facts facts={look.data} empty="It has nothing for this trigger." onUse={(fact) => use(fact.data, 'captured')} />}
        </section>
      )}
      <section>
        <h3 className="mb-1 text-dense font-medium">What came in lately</h3>
        {captured.isPending ? (
          <Skeleton className="h-16 w-full" />
        ) : captured.isError ? (
          <ErrorState error={captured.error} onRetry={() => void captured.refetch()} />
        ) : (
          <Facts facts={captured.data} empty="No run has been started by this trigger yet." onUse={(fact) => use(fact.data, 'captured')} />
        )}
      </section>
      <TypedResult key={pin?.pinnedAt ?? 'none'} title="Type the data" start={pin?.data ?? sample} onPin={(typed) => use(typed, 'typed')} />
    </div>
  )
}

const SHOWN_AT_FIRST = 6

function Facts({ facts, empty, onUse }: { facts: readonly RecentFact[]; empty: string; onUse: (fact: RecentFact) => void }) {
  const [isAll, setAll] = useState(false)
  const [open, setOpen] = useState<number>()
  if (facts.length === 0) return <p className="text-dense text-soft">{empty}</p>
  return (
    <>
      <ul className="mt-1 divide-y divide-line">
        {facts.slice(0, isAll ? facts.length : SHOWN_AT_FIRST).map((fact, index) => (
          <li key={index} className="py-1.5 text-dense">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <button
                type="button"
                aria-expanded={open === index}
                onClick={() => setOpen(open === index ? undefined : index)}
                className="min-w-0 flex-1 basis-40 truncate text-left hover:underline"
              >
                {factWords({ at: fact.at, data: fact.data }) || 'Data without a name'}
              </button>
              <span className="flex items-center gap-2 text-caption text-soft">
                {fact.words} <EnvironmentMark environment={fact.environment} /> <Time at={fact.at} />
              </span>
              <Button size="sm" icon={Pin} onClick={() => onUse(fact)}>
                Use this
              </Button>
            </div>
            {open === index && <JsonView value={fact.data} />}
          </li>
        ))}
      </ul>
      {facts.length > SHOWN_AT_FIRST && !isAll && (
        <Button size="sm" variant="quiet" onClick={() => setAll(true)}>
          Show all {facts.length}
        </Button>
      )}
    </>
  )
}
