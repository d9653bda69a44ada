import type { RunSummary } from '@couplet/api'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'

const AT_ONCE_MAX = 200

/** Replays the failed runs that are shown, one after the other, and says which could not be. */
export function BulkReplay({ runs }: { runs: readonly RunSummary[] }) {
  const [isOpen, setOpen] = useState(false)
  const [version, setVersion] = useState<'newest' | 'same'>('newest')
  const chosen = runs.filter(({ state }) => state === 'failed').slice(0, AT_ONCE_MAX)
  const live = chosen.filter(({ environment }) => environment === 'live').length
  const replay = useAct({
    run: async () => {
      const refused: string[] = []
      for (const run of chosen)
        await api.runs
          .replay({ params: { run: run.id }, body: { from: 'failed', version } })
          .catch((error: unknown) => void refused.push(problemOf(error).message))
      return refused
    },
    stales: ['runs', 'flows'],
    onDone: (refused) => {
      setOpen(false)
      say(
        `${plural(chosen.length - refused.length, 'run')} replayed`,
        refused.length > 0 ? `${plural(refused.length, 'run')} could not be: ${refused[0]}` : undefined,
      )
    },
  })
  return (
    <>
      <Button icon={RotateCcw} onClick={() => setOpen(true)}>
        Replay {plural(chosen.length, 'run')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Replay ${plural(chosen.length, 'failed run')} from the failed step?`}
        text="Steps that were done are not done again. Each replay is a new run; the failed ones stay as they are."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" isBusy={replay.isPending} onClick={() => replay.mutate()}>
              Replay {plural(chosen.length, 'run')}
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
          {live > 0 && <Note tone="attention">{plural(live, 'run')} of them write to live accounts.</Note>}
        </div>
      </Dialog>
    </>
  )
}
