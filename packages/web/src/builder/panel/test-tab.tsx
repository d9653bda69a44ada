import { toFault } from '@couplet/core'
import { type ActionStep, resolveInput } from '@couplet/flow'
import { useMutation } from '@tanstack/react-query'
import { Pin, Play } from 'lucide-react'
import { useMemo } from 'react'
import { api } from '../../server/client.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { useData } from '../data-pane/use-data.ts'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { asJson } from '../model/sample-data.ts'
import { AccountsChoice } from '../test/accounts-choice.tsx'
import { HeldWrite } from '../test/held-write.tsx'
import { PinnedNote } from '../test/pinned-note.tsx'
import { StepResult } from '../test/step-result.tsx'
import { TypedResult } from '../test/typed-result.tsx'
import { ValuesFrom } from '../test/values-from.tsx'

/** One step, tried out for real: what it is given, what leaves, what comes back. */
export function TestTab({ step }: { step: ActionStep }) {
  const { flow, lookup, data } = useBuilder()
  const definition = useDefinition()
  const { scope } = useData()
  const shape = lookup(step.operation, step.version)
  const made = useMemo(() => {
    try {
      return { input: resolveInput(step.input, scope, shape?.input) }
    } catch (thrown) {
      return { fault: toFault(thrown) }
    }
  }, [step.input, scope, shape])
  const { accounts } = data
  const test = useMutation({
    mutationFn: (approved: string | undefined) =>
      api.flowTests.step({
        params: { flow: flow.id },
        body: {
          definition,
          step: step.id,
          // Names without a value have no place in JSON; what the accounts are is the server's to say.
          scope: JSON.parse(JSON.stringify(scope)),
          environment: accounts.environment,
          connections: accounts.connections,
          ...(approved === undefined ? {} : { approved }),
        },
      }),
    onSuccess: ({ output }) => {
      const kept = asJson(output)
      if (kept !== undefined) data.keepTested({ [step.id]: kept })
    },
  })
  const result = test.data
  const pin = data.pins.get(step.id)
  const output = asJson(result?.output)
  const isPinnedResult = pin !== undefined && JSON.stringify(pin.data) === JSON.stringify(result?.output)
  const isRead = shape?.effect === 'read'
  const isSandbox = step.connection !== undefined && accounts.environment === 'sandbox'
  return (
    <div className="grid gap-5">
      <section>
        <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
          <h3 className="text-dense font-medium">The step is given</h3>
          <ValuesFrom />
        </div>
        {made.fault ? <ErrorState error={made.fault} /> : <JsonView value={made.input} openDepth={3} />}
      </section>
      <div className="grid gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <AccountsChoice slots={step.connection === undefined ? [] : [step.connection]} writes={!isRead} />
          <Button
            variant="primary"
            icon={Play}
            isBusy={test.isPending}
            disabled={made.fault !== undefined}
            onClick={() => test.mutate(undefined)}
          >
            Test step
          </Button>
        </div>
        <p className="text-caption text-soft">
          {isRead
            ? 'It reads: the call is really made, and changes nothing.'
            : isSandbox
              ? 'It writes to the simulated vendor. Real accounts are not touched.'
              : `It writes to ${step.connection === undefined ? 'Couplet’s own data' : 'a real account'}: you see what would be sent, and are asked first.`}
        </p>
      </div>
      {test.isError && <ErrorState error={test.error} onRetry={() => test.mutate(undefined)} />}
      {result?.held && (
        <HeldWrite
          write={result.held}
          where={result.connection?.name ?? 'Couplet'}
          isBusy={test.isPending}
          onSend={() => test.mutate(result.ticket)}
          onDrop={() => test.reset()}
        />
      )}
      {result && !result.held && (
        <StepResult result={result} onPin={output === undefined || isPinnedResult ? undefined : () => data.pin(step.id, output, 'test')} />
      )}
      {pin && <PinnedNote pin={pin} />}
      {!pin && !result && <KnownResult step={step} />}
      <TypedResult
        key={pin?.pinnedAt ?? 'none'}
        title="Type a result instead"
        start={pin?.data ?? result?.output ?? shape?.sample}
        onPin={(typed) => data.pin(step.id, typed, 'typed')}
      />
    </div>
  )
}

/** What later steps see of it now: the last test or run, else the sample. */
function KnownResult({ step }: { step: ActionStep }) {
  const { lookup, data } = useBuilder()
  const shape = lookup(step.operation, step.version)
  const known = data.values[step.id]
  const origin = data.originOf(step.id)
  return (
    <section>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-dense font-medium">
          {known === undefined
            ? `${vendorName(shape?.connector ?? '')} answers, for example`
            : origin === 'run'
              ? 'The last run gave'
              : 'The last test gave'}
        </h3>
        {known !== undefined && (
          <Button size="sm" icon={Pin} onClick={() => data.pin(step.id, known, origin === 'run' ? 'run' : 'test')}>
            Pin this result
          </Button>
        )}
      </div>
      <JsonView value={known ?? shape?.sample} openDepth={2} />
    </section>
  )
}
