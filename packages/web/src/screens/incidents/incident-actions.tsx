import type { IncidentView } from '@couplet/api'
import { Check, Hand, RotateCcw } from 'lucide-react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'

const STALES = ['incidents', 'runs', 'alerts']

/** Replay all, take it, declare it over. */
export function IncidentActions({ incident }: { incident: IncidentView }) {
  const params = { incident: incident.id }
  const replay = useAct({
    run: () => api.incidents.replay({ params, body: {} }),
    stales: STALES,
    onDone: ({ started, resumed, refused }) =>
      say(
        `${plural(started + resumed, 'run')} under way again${refused.length > 0 ? `, ${refused.length} refused: ${refused[0]?.message ?? ''}` : ''}`,
      ),
  })
  const take = useAct({ run: () => api.incidents.acknowledge({ params }), stales: STALES })
  const close = useAct({
    run: () => api.incidents.close({ params, body: {} }),
    stales: STALES,
    onDone: () => say('The incident is closed'),
  })
  const failed = [replay, take, close].find(({ isError }) => isError)
  return (
    <>
      {failed && (
        <span role="alert" className="text-dense text-failed">
          {problemOf(failed.error).message}
        </span>
      )}
      {incident.canClose && (
        <Button needs="runs.act" icon={Check} isBusy={close.isPending} onClick={() => close.mutate()}>
          Close without replay
        </Button>
      )}
      {incident.endedAt === null && incident.acknowledgedAt === null && (
        <Button icon={Hand} isBusy={take.isPending} onClick={() => take.mutate()}>
          I am on it
        </Button>
      )}
      {incident.runsLeft > 0 && <LiveBadge environment={incident.environment} />}
      {incident.runsLeft > 0 && (
        <Button needs="runs.act" variant="primary" icon={RotateCcw} isBusy={replay.isPending} onClick={() => replay.mutate()}>
          Replay {plural(incident.runsLeft, 'run')}
        </Button>
      )}
    </>
  )
}
