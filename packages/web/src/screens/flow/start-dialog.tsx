import type { FlowDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { usePick } from '../../schema/use-pick.tsx'
import { api } from '../../server/client.ts'
import { operationQuery } from '../../server/queries.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'

type Way = 'pick' | 'sample' | 'typed'

/** Starts a run by hand: with what a person picks, with the trigger's sample, or with typed data. */
export function StartDialog({ flow, isOpen, onClose }: { flow: FlowDetail; isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={`Run "${flow.name}" by hand`} changes={flow.environment}>
      <StartForm flow={flow} onClose={onClose} />
    </Dialog>
  )
}

function StartForm({ flow, onClose }: { flow: FlowDetail; onClose: () => void }) {
  const navigate = useNavigate()
  const trigger = flow.triggers[0]
  const picker = flow.triggers.find(({ byHand }) => byHand !== null)?.byHand
  const [way, setWay] = useState<Way>(picker ? 'pick' : 'sample')
  const [picked, setPicked] = useState<Record<string, unknown>>({})
  const operation = useQuery({ ...operationQuery(trigger?.operation ?? ''), enabled: trigger !== undefined })
  const [fact, setFact] = useState<unknown>()
  const sample = operation.data?.samples[0]
  const pick = usePick(operation.data?.connector, trigger?.connection?.id)
  const start = useAct({
    run: () => {
      // What was typed in the editor was parsed from JSON, so it is JSON.
      const body = way === 'pick' ? { picked } : way === 'typed' ? { fact: JSON.parse(JSON.stringify(fact ?? sample ?? null)) } : {}
      return api.flows.start({ params: { flow: flow.id }, body })
    },
    stales: ['runs', 'flows'],
    onDone: ({ runId }) => {
      onClose()
      void navigate({ to: '/runs/$runId', params: { runId } })
    },
  })
  const options = [
    ...(picker ? [{ value: 'pick' as const, label: 'Pick' }] : []),
    { value: 'sample' as const, label: 'Sample' },
    { value: 'typed' as const, label: 'Typed data' },
  ]
  return (
    <div className="grid gap-4">
      <Segmented label="What the run is about" value={way} options={options} onChange={setWay} />
      {way === 'pick' && picker && (
        <div>
          <p className="mb-3 text-dense text-soft">{picker.title}</p>
          <SchemaForm
            schema={picker.pick}
            value={picked}
            onChange={setPicked}
            pick={pick}
            errors={start.isError ? problemOf(start.error).fields : undefined}
          />
        </div>
      )}
      {way === 'sample' && (
        <p className="text-dense text-soft">
          The run starts with the sample of the trigger “{operation.data?.title ?? trigger?.operation}”, as if that had just happened.
        </p>
      )}
      {way === 'typed' && (
        <JsonField
          key={sample === undefined ? 'empty' : 'sample'}
          label="Data of the trigger"
          value={fact ?? sample}
          onChange={setFact}
          minHeight={180}
        />
      )}
      {start.isError && <ErrorState error={start.error} />}
      <Button variant="primary" className="justify-self-end" isBusy={start.isPending} onClick={() => start.mutate()}>
        {flow.environment === 'live' ? 'Run with live accounts' : 'Run in the sandbox'}
      </Button>
    </div>
  )
}
