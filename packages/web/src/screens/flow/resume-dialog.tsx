import type { FlowDetail } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'

/** On again: what becomes of the events that waited. */
export function ResumeDialog({ flow, isOpen, onClose }: { flow: FlowDetail; isOpen: boolean; onClose: () => void }) {
  const [kept, setKept] = useState<'run' | 'leave' | 'skip'>('run')
  const [changes, setChanges] = useState<'run' | 'skip'>('run')
  const count = flow.keptDeliveries
  const isPolled = flow.triggers.some(({ poll }) => poll?.isBaselineTaken === true)
  const resume = useAct({
    run: () => api.flows.resume({ params: { flow: flow.id }, body: { kept: count > 0 ? kept : 'leave', changes } }),
    stales: ['flows', 'runs', 'deliveries'],
    onDone: ({ runs, skipped }) => {
      onClose()
      say(
        'The flow is on again',
        runs > 0
          ? `${plural(runs, 'run')} started from kept webhooks.`
          : skipped > 0
            ? `${plural(skipped, 'kept webhook')} skipped; they stay listed under Deliveries.`
            : undefined,
      )
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Resume “${flow.name}”`}
      changes={flow.environment}
      text={`Version ${flow.version} goes on with ${flow.environment === 'live' ? 'live' : 'sandbox'} accounts.`}
      footer={
        <>
          <Button onClick={onClose}>Leave it paused</Button>
          <Button variant="primary" isBusy={resume.isPending} onClick={() => resume.mutate()}>
            Resume
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        {count > 0 ? (
          <Field label={`${plural(count, 'webhook')} came while it was paused`}>
            <Select
              value={kept}
              options={[
                { value: 'run', label: 'Run them now', hint: 'Oldest first, each as if it had just come' },
                { value: 'leave', label: 'Keep them', hint: 'Decide later, on the page of the flow' },
                { value: 'skip', label: 'Skip them', hint: 'They stay listed and start nothing' },
              ]}
              onChange={setKept}
            />
          </Field>
        ) : (
          <p className="text-dense text-soft">No webhook came while it was paused.</p>
        )}
        {isPolled && (
          <Field label="What changed at the vendor meanwhile">
            <Select
              value={changes}
              options={[
                { value: 'run', label: 'Start runs for it', hint: 'The next look finds everything since the pause' },
                { value: 'skip', label: 'Skip it', hint: 'The next look only notes what is there' },
              ]}
              onChange={setChanges}
            />
          </Field>
        )}
        {resume.isError && <ErrorState error={resume.error} />}
      </div>
    </Dialog>
  )
}
