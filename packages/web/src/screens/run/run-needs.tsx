import type { RunDetail, StepView } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { CircleHelp } from 'lucide-react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { runStatus } from '../runs/run-words.ts'

/** What the run needs from a person before it can go on, with the buttons that give it. */
export function RunNeeds({ run }: { run: RunDetail }) {
  const asked = run.can.includes('answer')
    ? run.steps.find(
        (step) => step.state === 'waiting' && step.waits.some((wait) => wait.kind === 'question' && wait.endedAt === undefined),
      )
    : undefined
  const parked = run.can.includes('resolve') ? run.steps.find((step) => step.state === 'parked') : undefined
  if (asked) return <Question run={run} step={asked} />
  if (parked) return <Parked run={run} step={parked} />
  return null
}

const boxClass = 'mb-6 flex flex-wrap items-start gap-x-4 gap-y-3 rounded-md px-4 py-3'

function Question({ run, step }: { run: RunDetail; step: StepView }) {
  const question = step.waits.find((wait) => wait.kind === 'question' && wait.endedAt === undefined)?.reason
  const answer = useAct({
    run: (approved: boolean) => api.runs.answer({ params: { run: run.id }, body: { step: step.key, approved } }),
    stales: ['runs', 'tasks'],
  })
  return (
    <div className={`${boxClass} bg-running-soft`}>
      <CircleHelp aria-hidden className="mt-0.5 size-4 text-running" />
      <div className="min-w-0 flex-1 basis-64 text-dense">
        <p className="font-medium">{step.title} waits for your answer</p>
        <p className="mt-0.5 whitespace-pre-line">{question}</p>
        {answer.isError && <ErrorState error={answer.error} />}
      </div>
      <LiveBadge environment={run.environment} />
      <Button needs="runs.act" disabled={answer.isPending} onClick={() => answer.mutate(false)}>
        Decline
      </Button>
      <Button needs="runs.act" variant="primary" isBusy={answer.isPending} onClick={() => answer.mutate(true)}>
        Approve
      </Button>
    </div>
  )
}

function Parked({ run, step }: { run: RunDetail; step: StepView }) {
  const isUncertain = runStatus(run) === 'uncertain' || step.fault?.kind === 'unknown-outcome'
  const resolve = useAct({
    run: (how: 'happened' | 'again') => api.runs.resolve({ params: { run: run.id }, body: { step: step.key, how } }),
    stales: ['runs', 'tasks'],
  })
  return (
    <div className={`${boxClass} ${isUncertain ? 'bg-uncertain-soft' : 'bg-attention-soft'}`}>
      <div className="min-w-0 flex-1 basis-80 text-dense">
        <p className={`font-medium ${isUncertain ? 'text-uncertain' : 'text-attention'}`}>
          {isUncertain ? `Did “${step.title}” arrive?` : `${step.title} is parked`}
        </p>
        <p className="mt-0.5">{step.fault?.message ?? step.waits.at(-1)?.reason}</p>
        {step.fault?.hint && <p className="text-soft">{step.fault.hint}</p>}
        {isUncertain && step.effect?.because && (
          <p className="text-soft">Couplet does not send it again by itself: {step.effect.because}.</p>
        )}
        {resolve.isError && <ErrorState error={resolve.error} />}
      </div>
      {!isUncertain && run.connectionId && (
        <Link to="/connections" search={{ connection: run.connectionId }} className={buttonClass()}>
          Repair the connection
        </Link>
      )}
      {isUncertain && (
        <Button needs="runs.act" isBusy={resolve.isPending && resolve.variables === 'happened'} onClick={() => resolve.mutate('happened')}>
          It happened
        </Button>
      )}
      <LiveBadge environment={run.environment} />
      <Button
        needs="runs.act"
        variant={isUncertain ? 'secondary' : 'primary'}
        isBusy={resolve.isPending && resolve.variables === 'again'}
        onClick={() => resolve.mutate('again')}
      >
        {isUncertain ? 'Send again' : 'Try again now'}
      </Button>
    </div>
  )
}
