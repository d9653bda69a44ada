import type { FlowDetail } from '@couplet/api'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { say } from '../../ui/toast.tsx'

/** Pausing loses nothing: says what waits and until when. */
export function PauseDialog({ flow, isOpen, onClose }: { flow: FlowDetail; isOpen: boolean; onClose: () => void }) {
  const pause = useAct({
    run: () => api.flows.pause({ params: { flow: flow.id } }),
    stales: ['flows'],
    onDone: () => {
      onClose()
      say('The flow is paused')
    },
  })
  const hasHook = flow.triggers.some(({ hookUrl }) => hookUrl !== null)
  const hasPoll = flow.triggers.some(({ poll }) => poll !== null)
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Pause “${flow.name}”?`}
      footer={
        <>
          <Button onClick={onClose}>Leave it on</Button>
          <Button variant="primary" isBusy={pause.isPending} onClick={() => pause.mutate()}>
            Pause
          </Button>
        </>
      }
    >
      <ul className="grid list-disc gap-1.5 pl-4 text-dense">
        <li>Runs under way go on to their end.</li>
        {hasHook && <li>Webhooks are taken in and kept. When you resume, you choose: run them, keep them, or skip them.</li>}
        {hasPoll && <li>Couplet stops asking the vendor. When you resume, you choose whether what changed meanwhile starts runs.</li>}
        {!hasHook && !hasPoll && <li>Nothing starts it until you resume.</li>}
      </ul>
      {pause.isError && <ErrorState error={pause.error} />}
    </Dialog>
  )
}
