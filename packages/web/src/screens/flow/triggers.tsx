import type { FlowDetail } from '@couplet/api'
import { Clock3, Hand, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { say } from '../../ui/toast.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { durationWords, plural, pluralForm } from '../../words/times.ts'

type Trigger = FlowDetail['triggers'][number]

/** How facts reach the flow: one entry for each connection of the trigger. */
export function Triggers({ flow }: { flow: FlowDetail }) {
  if (flow.triggers.length === 0)
    return (
      <p className="text-dense text-soft">
        The flow listens to nothing until its first version is published. Publishing makes the webhook address and starts the polls.
      </p>
    )
  return (
    <div className="divide-y divide-line">
      {flow.triggers.map((trigger) => (
        <TriggerEntry key={trigger.id} trigger={trigger} />
      ))}
      {flow.state === 'on' && <KeptDeliveries flow={flow} />}
    </div>
  )
}

function TriggerEntry({ trigger }: { trigger: Trigger }) {
  const { poll } = trigger
  return (
    <div className="py-3 first:pt-0">
      <div className="flex items-center gap-2 text-dense">
        {trigger.connection && <VendorTile connector={trigger.connection.connector} size="sm" isNamed />}
        <span className="font-medium">{trigger.connection?.name ?? (trigger.byHand ? 'Started by a person' : 'Couplet itself')}</span>
        <span className="text-soft">{trigger.isOn ? 'on' : 'off'}</span>
      </div>
      <div className="mt-2 grid gap-2 pl-7">
        {trigger.hookUrl !== null && (
          <Wire icon={<Webhook aria-hidden className="mt-1 size-4 text-icon" />}>
            <span className="flex min-w-0 flex-wrap items-center gap-x-2">
              <span>Webhook</span>
              <CopyText text={trigger.hookUrl} label="Copy the webhook address" className="flex-1" />
            </span>
            {trigger.hookProof && trigger.hookProof.proof !== 'none' && (
              <p className="text-soft">
                {trigger.hookProof.proof === 'header' ? 'A secret' : 'A signature'} must come in the header {trigger.hookProof.header}.
              </p>
            )}
            {trigger.hookSetUp && (
              <Disclosure title="How to register it at the vendor">
                <p className="max-w-[64ch] whitespace-pre-line text-soft">{trigger.hookSetUp}</p>
              </Disclosure>
            )}
          </Wire>
        )}
        {poll && (
          <Wire icon={<Clock3 aria-hidden className="mt-0.5 size-4 text-icon" />}>
            <p>
              {trigger.hookUrl === null ? 'Asks' : 'Also looks for what a webhook missed,'}{' '}
              {poll.everyMs === null ? 'the vendor' : `every ${durationWords(poll.everyMs)}`}
              {poll.nextAt && trigger.isOn && (
                <>
                  , next <Time at={poll.nextAt} relative />
                </>
              )}
              .{' '}
              <span className="text-soft">
                {poll.polledAt ? (
                  <>
                    Last asked <Time at={poll.polledAt} relative />.
                  </>
                ) : (
                  'Not asked yet: the first poll only notes what is there.'
                )}
              </span>
            </p>
            {poll.fault && (
              <Note tone={poll.failures > 2 ? 'failed' : 'attention'} className="mt-1">
                <p>
                  {poll.fault.message} <span className="text-ink">{poll.fault.hint}</span>
                </p>
                <p className="text-caption text-soft">
                  Failed {plural(poll.failures, 'time')} in a row; it goes on by itself once the cause is gone.
                </p>
              </Note>
            )}
          </Wire>
        )}
        {trigger.byHand && (
          <Wire icon={<Hand aria-hidden className="mt-0.5 size-4 text-icon" />}>
            <p>By hand: “{trigger.byHand.title}”, with the button above.</p>
          </Wire>
        )}
      </div>
    </div>
  )
}

const Wire = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-2 text-dense">
    {icon}
    <div className="min-w-0">{children}</div>
  </div>
)

function KeptDeliveries({ flow }: { flow: FlowDetail }) {
  const run = useAct({
    run: () => api.flows.runKept({ params: { flow: flow.id }, body: {} }),
    stales: ['runs', 'deliveries', 'flows'],
    onDone: ({ runs, stayed, reasons }) =>
      say(
        stayed > 0
          ? `${plural(runs, 'run')} started. ${plural(stayed, 'webhook stays kept', 'webhooks stay kept')}: ${reasons.join(' ')}`
          : runs === 0
            ? 'No delivery was kept'
            : `${plural(runs, 'run')} started from kept deliveries`,
      ),
  })
  if (flow.keptDeliveries === 0) return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-3 text-dense text-soft">
      <p>{plural(flow.keptDeliveries, 'webhook is kept and not run.', 'webhooks are kept and not run.')}</p>
      <LiveBadge environment={flow.environment} />
      <Button size="sm" isBusy={run.isPending} onClick={() => run.mutate()}>
        {pluralForm(flow.keptDeliveries, 'Run it now', 'Run them now')}
      </Button>
      {run.isError && <ErrorState error={run.error} />}
    </div>
  )
}
