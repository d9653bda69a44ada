import type { RunDetail } from '@couplet/api'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ban, Ellipsis, Link2, Map as MapIcon, PencilLine, RotateCcw, SkipForward } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/toast.tsx'
import { FixAndReplay } from './fix-and-replay.tsx'

type Replay = { from: 'start' | 'failed'; version: 'same' | 'newest' }

/** What a person can do with the run as it stands; the server says which of it is possible. */
export function RunActions({ run }: { run: RunDetail }) {
  const navigate = useNavigate()
  const [isFixOpen, setFixOpen] = useState(false)
  const params = { run: run.id }
  const complain = (error: unknown) => say(problemOf(error).message, problemOf(error).hint)
  const open = ({ runId }: { runId: string }) => void navigate({ to: '/runs/$runId', params: { runId } })
  const replay = useAct({ run: (body: Replay) => api.runs.replay({ params, body }), stales: ['runs'], onDone: open })
  const cancel = useAct({
    run: () => api.runs.cancel({ params }),
    stales: ['runs'],
    onDone: () => say('The run ends after the step it is at'),
  })
  const skip = useAct({ run: () => api.runs.skipWait({ params }), stales: ['runs'] })
  const can = new Set(run.can)
  const again = (body: Replay) => replay.mutate(body, { onError: complain })
  const failed = run.steps.find(({ state }) => state === 'failed')
  return (
    <>
      {can.has('skip-wait') && (
        <Button needs="runs.act" icon={SkipForward} isBusy={skip.isPending} onClick={() => skip.mutate(undefined, { onError: complain })}>
          Skip the wait
        </Button>
      )}
      {can.has('cancel') && (
        <Button needs="runs.act" icon={Ban} isBusy={cancel.isPending} onClick={() => cancel.mutate(undefined, { onError: complain })}>
          Cancel run
        </Button>
      )}
      {can.has('replay') && <LiveBadge environment={run.environment} />}
      {can.has('replay') && run.state === 'failed' && (
        <>
          {failed && (
            <Link
              to="/flows/$flowId/edit"
              params={{ flowId: run.flowId }}
              search={{ step: failed.stepId, run: run.id }}
              className={buttonClass()}
            >
              Edit the step
            </Link>
          )}
          <Button needs="runs.act" onClick={() => setFixOpen(true)} icon={PencilLine}>
            Fix and replay
          </Button>
          <Button
            needs="runs.act"
            variant="primary"
            icon={RotateCcw}
            isBusy={replay.isPending}
            onClick={() => again({ from: 'failed', version: 'newest' })}
          >
            Replay from the failed step
          </Button>
        </>
      )}
      {can.has('replay') && run.state !== 'failed' && (
        <Button needs="runs.act" icon={RotateCcw} isBusy={replay.isPending} onClick={() => again({ from: 'start', version: 'newest' })}>
          Replay
        </Button>
      )}
      <Menu
        trigger={<IconButton icon={Ellipsis} label="More actions" />}
        items={[
          ...(can.has('replay')
            ? [
                {
                  label: 'Replay from the start',
                  icon: RotateCcw,
                  hint: 'With the newest version',
                  onSelect: () => again({ from: 'start', version: 'newest' }),
                },
                {
                  label: `Replay with version ${run.version}`,
                  icon: RotateCcw,
                  hint: 'From the start, as it ran',
                  onSelect: () => again({ from: 'start', version: 'same' }),
                },
                { label: 'Change the data and replay', icon: PencilLine, onSelect: () => setFixOpen(true) },
              ]
            : []),
          {
            label: 'Show on the map of the flow',
            icon: MapIcon,
            onSelect: () =>
              void navigate({ to: '/flows/$flowId/edit', params: { flowId: run.flowId }, search: { run: run.id, view: 'map' } }),
          },
          {
            label: 'Copy link to this run',
            icon: Link2,
            onSelect: () => void navigator.clipboard.writeText(window.location.href).then(() => say('Link copied')),
          },
        ]}
      />
      <FixAndReplay run={run} isOpen={isFixOpen} onClose={() => setFixOpen(false)} onReplayed={open} />
    </>
  )
}
