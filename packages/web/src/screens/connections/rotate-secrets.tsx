import type { ConnectionView, ConnectorView } from '@couplet/api'
import { useState } from 'react'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'
import { fieldErrors, textsOf } from './entered.ts'

/** New secrets in place of the old ones; runs that were parked for want of them go on. */
export function RotateSecrets({
  connection,
  connector,
  onDone,
}: {
  connection: ConnectionView
  connector: ConnectorView
  onDone: () => void
}) {
  const [secrets, setSecrets] = useState<Record<string, unknown>>({})
  const save = useAct({
    run: () => api.connections.update({ params: { connection: connection.id }, body: { secrets: textsOf(secrets) } }),
    stales: ['connections', 'runs'],
    onDone: ({ runsResumed }) => {
      say('Secrets replaced', runsResumed > 0 ? `${plural(runsResumed, 'parked run')} went on.` : 'Flows use them from the next call on.')
      onDone()
    },
  })
  return (
    <form
      className="grid gap-4 rounded-md bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <SchemaForm
        schema={connector.secretsForm}
        value={secrets}
        onChange={setSecrets}
        isSecret
        errors={save.isError ? fieldErrors(problemOf(save.error).fields) : undefined}
      />
      {save.isError && <ErrorState error={save.error} isAtFields />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Keep the old ones</Button>
        <Button type="submit" variant="primary" isBusy={save.isPending} disabled={Object.keys(secrets).length === 0}>
          Replace secrets
        </Button>
      </div>
    </form>
  )
}
