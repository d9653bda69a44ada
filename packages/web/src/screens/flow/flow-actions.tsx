import type { FlowDetail } from '@couplet/api'
import { Link, useNavigate } from '@tanstack/react-router'
import { Download, Ellipsis, Pause, Play, Radio, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'
import { PauseDialog } from './pause-dialog.tsx'
import { ResumeDialog } from './resume-dialog.tsx'
import { PromoteDialog } from './promote-dialog.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { StartDialog } from './start-dialog.tsx'

/** Saves text as a file of the person's computer. */
function download(filename: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = filename
  link.click()
  URL.revokeObjectURL(link.href)
}

export function FlowActions({ flow }: { flow: FlowDetail }) {
  const navigate = useNavigate()
  const [open, setOpen] = useState<'start' | 'publish' | 'promote' | 'pause' | 'resume' | 'remove'>()
  const params = { flow: flow.id }
  const complain = (error: unknown) => say(problemOf(error).message, problemOf(error).hint)
  const poll = useAct({
    run: () => api.flows.poll({ params }),
    stales: ['flows', 'runs'],
    onDone: ({ results }) => {
      const [runs, items] = [results.reduce((sum, result) => sum + result.runs, 0), results.reduce((sum, result) => sum + result.items, 0)]
      say(
        runs > 0 ? `${plural(runs, 'run')} started` : 'Nothing new',
        results.some(({ isBaseline }) => isBaseline)
          ? 'What is there now was noted; from here on changes start runs.'
          : `${plural(items, 'item')} read at the vendor.`,
      )
    },
  })
  const exportFile = useAct({
    run: () => api.flows.exportFile({ params, query: {} }),
    stales: [],
    onDone: ({ filename, text }) => download(filename, text),
  })
  const remove = useAct({ run: () => api.flows.remove({ params }), stales: ['flows'], onDone: () => void navigate({ to: '/flows' }) })
  const polls = flow.triggers.some((trigger) => trigger.poll !== null)
  const canPublish = flow.isDraftChanged || flow.version === null
  return (
    <>
      {flow.state === 'on' && polls && (
        <Button needs="runs.act" icon={RefreshCw} isBusy={poll.isPending} onClick={() => poll.mutate(undefined, { onError: complain })}>
          Poll now
        </Button>
      )}
      {flow.version !== null && (
        <Button needs="runs.act" icon={Play} onClick={() => setOpen('start')}>
          Run by hand
        </Button>
      )}
      <Link to="/flows/$flowId/edit" params={{ flowId: flow.id }} className={buttonClass()}>
        Edit
      </Link>
      {canPublish ? (
        <Button needs="flows.publish" variant="primary" onClick={() => setOpen('publish')}>
          Review and publish v{(flow.version ?? 0) + 1}
        </Button>
      ) : flow.state === 'paused' ? (
        <Button needs="flows.publish" variant="primary" icon={Play} onClick={() => setOpen('resume')}>
          Resume
        </Button>
      ) : null}
      {flow.environment === 'sandbox' && flow.version !== null && (
        <Button needs="flows.publish" icon={Radio} onClick={() => setOpen('promote')}>
          Promote to live
        </Button>
      )}
      <Menu
        trigger={<IconButton icon={Ellipsis} label="More actions" />}
        items={[
          ...(flow.state === 'on'
            ? [
                {
                  label: 'Pause',
                  icon: Pause,
                  hint: 'Polls stop, webhooks are kept',
                  onSelect: () => setOpen('pause'),
                },
              ]
            : []),
          ...(flow.state === 'paused' && canPublish ? [{ label: 'Resume', icon: Play, onSelect: () => setOpen('resume') }] : []),
          {
            label: 'Export as file',
            icon: Download,
            hint: 'The draft, for git',
            onSelect: () => exportFile.mutate(undefined, { onError: complain }),
          },
          'line' as const,
          { label: 'Delete flow', icon: Trash2, isDangerous: true, onSelect: () => setOpen('remove') },
        ]}
      />
      <StartDialog flow={flow} isOpen={open === 'start'} onClose={() => setOpen(undefined)} />
      <PauseDialog flow={flow} isOpen={open === 'pause'} onClose={() => setOpen(undefined)} />
      {open === 'resume' && <ResumeDialog flow={flow} isOpen onClose={() => setOpen(undefined)} />}
      <PromoteDialog flow={flow} isOpen={open === 'promote'} onClose={() => setOpen(undefined)} />
      <PublishDialog flow={flow} isOpen={open === 'publish'} onClose={() => setOpen(undefined)} />
      {open === 'remove' && (
        <ConfirmDialog
          title={`Delete "${flow.name}"?`}
          text="Its versions, triggers and runs are deleted with it. What it changed at the vendors stays as it is. This cannot be undone; export the flow first if you may want it back."
          confirm="Delete flow"
          keep="Keep it"
          needs="flows.write"
          act={remove}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  )
}
