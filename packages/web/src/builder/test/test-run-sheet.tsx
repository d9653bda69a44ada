import type { FlowTest } from '@couplet/api'
import type { Json } from '@couplet/core'
import { allSteps } from '@couplet/flow'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { api } from '../../server/client.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { useBuilder, useDefinition } from '../model/builder-context.ts'
import { overlayOf } from '../model/overlay.ts'
import { asJson } from '../model/sample-data.ts'
import { AccountsChoice } from './accounts-choice.tsx'
import { HeldWrite } from './held-write.tsx'
import { TestedSteps } from './tested-steps.tsx'

/** The whole draft, tried out from its trigger to its end. */
export function TestRunSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { flow, lookup, data, setOverlay, store } = useBuilder()
  const definition = useDefinition()
  const { accounts, pins } = data
  const sample = lookup(definition.trigger.operation, definition.trigger.version)?.sample
  const test = useMutation({
    mutationFn: ({ approved, done }: { approved?: string; done?: FlowTest['steps'] }) =>
      api.flowTests.flow({
        params: { flow: flow.id },
        body: {
          definition,
          trigger: JSON.parse(JSON.stringify(data.values['trigger'] ?? sample ?? {})),
          given: JSON.parse(JSON.stringify({ ...pinnedResults(pins), ...outputsOf(done ?? []) })),
          environment: accounts.environment,
          connections: accounts.connections,
          ...(approved === undefined ? {} : { approved }),
        },
      }),
    onSuccess: ({ steps }) => {
      setOverlay(overlayOf({ kind: 'test' }, steps))
      const kept: Record<string, Json> = {}
      for (const [key, output] of Object.entries(outputsOf(steps))) if (!key.includes('/') && !pins.has(key)) kept[key] = output
      data.keepTested(kept)
    },
  })
  const result = test.data
  const used = [...pins.keys()].filter((step) => step !== 'trigger').length
  const held = result?.held
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Test the whole draft" width="lg">
      <div className="grid gap-5">
        <div className="grid gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <AccountsChoice slots={Object.keys(definition.slots)} writes />
            <Button variant="primary" icon={Play} isBusy={test.isPending} onClick={() => test.mutate({})}>
              {result ? 'Test again' : 'Test all steps'}
            </Button>
          </div>
          <p className="text-caption text-soft">
            {accounts.environment === 'sandbox'
              ? 'Writes go to the simulated vendors. Waits are over at once, approvals are given, addresses called with their sample.'
              : 'Reads are made with real accounts. Before the first write you see what would be sent, and are asked.'}{' '}
            It begins with {triggerWords(data.originOf('trigger'))}
            {used > 0 ? `; ${plural(used, 'pinned result is', 'pinned results are')} used in place of the steps` : ''}.{' '}
            <button
              type="button"
              className="text-accent-text underline underline-offset-2"
              onClick={() => {
                store.select('trigger')
                store.showTab('test')
                onClose()
              }}
            >
              Choose other data
            </button>
          </p>
        </div>
        {test.isError && <ErrorState error={test.error} onRetry={() => test.mutate({})} />}
        {result && (
          <>
            <div role="status" className="flex flex-wrap items-center gap-2 text-dense">
              <StatusBadge status={statusOf(result)} {...(held ? { word: 'Asks first' } : {})} />
              <span className="min-w-0 flex-1 basis-48">{wordsOf(result)}</span>
            </div>
            {result.stopped && (
              <Note tone="attention">
                {result.stopped.message} <span className="text-ink">{result.stopped.hint}</span>
              </Note>
            )}
            <TestedSteps steps={result.steps} onChosen={onClose} />
            {accounts.environment === 'sandbox' && <ChangedVendors steps={result.steps} />}
            {held && (
              <HeldWrite
                write={held.write}
                where={held.write.kind === 'own' ? 'Couplet' : 'the real account'}
                isBusy={test.isPending}
                onSend={() => test.mutate({ approved: held.ticket, done: result.steps })}
                onDrop={() => test.reset()}
              />
            )}
          </>
        )}
      </div>
    </Sheet>
  )
}

/** The way to what the test changed at the simulated vendors. */
function ChangedVendors({ steps }: { steps: FlowTest['steps'] }) {
  const { lookup } = useBuilder()
  const definition = useDefinition()
  const done = new Set(steps.filter(({ state }) => state === 'done').map(({ stepId }) => stepId))
  const vendors = new Set<string>()
  for (const { step } of allSteps(definition)) {
    const operation = step.kind === 'action' && done.has(step.id) ? lookup(step.operation, step.version) : undefined
    if (operation?.effect === 'write' && operation.needsConnection) vendors.add(operation.connector)
  }
  return (
    <p className="flex flex-wrap gap-2">
      {[...vendors].map((vendor) => (
        <Link key={vendor} to="/sandbox" search={{ vendor }} className={buttonClass()}>
          See what changed at {vendorName(vendor)}
        </Link>
      ))}
    </p>
  )
}

const triggerWords = (origin: string): string =>
  ({ pinned: 'the pinned data of the trigger', run: 'what started the last run', tested: 'the data of the last test' })[origin] ??
  'the sample of the trigger'

const statusOf = (result: FlowTest) =>
  result.held
    ? 'parked'
    : result.end?.state === 'failed'
      ? 'failed'
      : result.end?.state === 'skipped'
        ? 'skipped'
        : result.stopped
          ? 'parked'
          : 'done'

function wordsOf({ end, held, steps }: FlowTest): string {
  if (held) return `Before “${steps.find(({ key }) => key === held.step)?.title ?? held.step}” is done.`
  if (end?.state === 'done') return `The flow came to its end: ${plural(steps.length, 'step')}.`
  return end?.summary ?? 'The test did not come to the end of the flow.'
}

/** What steps gave, by step key: a test that goes on does not perform them again. */
function outputsOf(steps: FlowTest['steps']): Record<string, Json> {
  const outputs: Record<string, Json> = {}
  for (const { key, kind, state, output } of steps) {
    const value = asJson(output)
    if (kind === 'action' && state === 'done' && value !== undefined) outputs[key] = value
  }
  return outputs
}

const pinnedResults = (pins: ReadonlyMap<string, { data?: unknown }>): Record<string, unknown> =>
  Object.fromEntries([...pins].filter(([step]) => step !== 'trigger').map(([step, { data }]) => [step, data]))
