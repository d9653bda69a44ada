import { useState } from 'react'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { say } from '../../ui/toast.tsx'
import { exactTime } from '../../words/times.ts'
import { moveClock, resetVendor } from './control.ts'

const JUMPS = [
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['7 days', 604_800_000],
] as const

/** The vendor's own time, and back to the beginning. */
export function ClockAndReset({ vendor, now }: { vendor: string; now: string }) {
  const [isAsking, setAsking] = useState(false)
  const move = useAct({ run: (to: { advanceMs?: number; reset?: boolean }) => moveClock(vendor, to), stales: ['sandbox'] })
  const reset = useAct({
    run: (seed: 'sample' | 'empty') => resetVendor(vendor, seed),
    stales: ['sandbox'],
    onDone: () => {
      setAsking(false)
      say('The simulated vendor is as new')
    },
  })
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2 text-dense">
      <span className="text-soft">Clock</span>
      <span className="figures font-medium">{exactTime(now)}</span>
      {JUMPS.map(([words, advanceMs]) => (
        <Button key={words} size="sm" disabled={move.isPending} onClick={() => move.mutate({ advanceMs })}>
          +{words}
        </Button>
      ))}
      <Button needs="sandbox.use" size="sm" variant="quiet" onClick={() => move.mutate({ reset: true })}>
        Set to now
      </Button>
      <span className="flex-1" />
      <Button needs="sandbox.use" size="sm" variant="quiet" onClick={() => setAsking(true)}>
        Reset all data
      </Button>
      {move.isError && <ErrorState error={move.error} />}
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Reset this simulated vendor?"
        text="Its data, behaviour, faults, clock and request log go back to the beginning. Flows and runs of Couplet stay."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button disabled={reset.isPending} onClick={() => reset.mutate('empty')}>
              Reset to empty
            </Button>
            <Button variant="primary" isBusy={reset.isPending} onClick={() => reset.mutate('sample')}>
              Reset to sample data
            </Button>
          </>
        }
      >
        {reset.isError && <ErrorState error={reset.error} />}
      </Dialog>
    </div>
  )
}
