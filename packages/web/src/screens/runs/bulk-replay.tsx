import type { RunSummary } from '@couplet/api'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import type { RunFilter } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'

/** Replays every failed run of the filter, also those not scrolled to yet, behind live events. */
export function BulkReplay({ runs, filter, hasMore }: { runs: readonly RunSummary[]; filter: RunFilter; hasMore: boolean }) {
  const [isOpen, setOpen] = useState(false)
  /** The newest run that was there when the person asked: replays that fail meanwhile are not meant, however often this is tried. */
  const [upTo, setUpTo] = useState<string>()
  const [version, setVersion] = useState<'newest' | 'same'>('newest')
  const live = runs.filter(({ environment }) => environment === 'live').length
  const count = hasMore ? `all runs of this filter` : plural(runs.length, 'failed run')
  const replay = useAct({
    run: async () => {
      const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''))
      let [started, leftAlone] = [0, 0]
      const refused: { message: string }[] = []
      let from: { upTo?: string; after?: string } | null = upTo === undefined ? {} : { upTo }
      do {
        const page: Awaited<ReturnType<typeof api.runs.replayMany>> = await api.runs.replayMany({
          body: { filter: asked, from: 'failed', version, ...from },
        })
        started += page.started.length
        leftAlone += page.leftAlone.replayed + page.leftAlone.superseded
        refused.push(...page.refused)
        from = page.next
      } while (from !== null)
      return { started, leftAlone, refused }
    },
    stales: ['runs', 'flows'],
    onDone: ({ started, leftAlone, refused }) => {
      setOpen(false)
      const others = [
        ...(leftAlone > 0 ? [`${plural(leftAlone, 'run')} left alone: replayed before.`] : []),
        ...(refused.length > 0 ? [`${plural(refused.length, 'run')} could not be: ${refused[0]?.message}`] : []),
      ]
      say(`${plural(started, 'run')} replayed`, others.length > 0 ? others.join(' ') : undefined)
    },
  })
  return (
    <>
      <Button
        icon={RotateCcw}
        onClick={() => {
          setUpTo(runs[0]?.id)
          setOpen(true)
        }}
      >
        Replay {count}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Replay ${count} from the failed step?`}
        changes={live > 0 ? 'live' : 'sandbox'}
        text="Steps that were done are not done again. Runs that have been replayed before are left alone. Each replay is a new run and waits behind live events; the failed runs stay as they are."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" isBusy={replay.isPending} onClick={() => replay.mutate()}>
              Replay {count}
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          <Segmented
            label="Version to replay with"
            value={version}
            options={[
              { value: 'newest', label: 'Newest version' },
              { value: 'same', label: 'Version they ran with' },
            ]}
            onChange={setVersion}
          />
          {live > 0 && <Note tone="attention">{hasMore ? 'Some' : plural(live, 'run')} of them write to live accounts.</Note>}
          {replay.isError && <ErrorState error={replay.error} />}
        </div>
      </Dialog>
    </>
  )
}
