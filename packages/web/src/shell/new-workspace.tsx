import { useState } from 'react'
import { TIME_ZONES, timeZoneHere } from '../entry/time-zones.ts'
import { api } from '../server/client.ts'
import { useAct } from '../server/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { TextInput } from '../ui/text-input.tsx'

/** Another workspace of the same owner: its own people, connections, flows and runs. */
export function NewWorkspace({ isOpen, onClose, onMade }: { isOpen: boolean; onClose: () => void; onMade: (id: string) => void }) {
  const [name, setName] = useState('')
  const [timeZone, setTimeZone] = useState(timeZoneHere)
  const make = useAct({
    run: () => api.workspace.create({ body: { name, timeZone } }),
    stales: [],
    onDone: ({ id }) => {
      onClose()
      setName('')
      onMade(id)
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="New workspace"
      text="Its people, connections, flows and runs are its own; nobody sees from one into the other. The sandbox stays with the first workspace."
      footer={
        <Button variant="primary" isBusy={make.isPending} disabled={name.trim() === ''} onClick={() => make.mutate()}>
          Create and open
        </Button>
      }
    >
      <div className="grid gap-4">
        <Field label="Name" isRequired>
          <TextInput value={name} onText={setName} />
        </Field>
        <Field label="Time zone">
          <Combobox value={timeZone} options={TIME_ZONES} onChange={(zone) => setTimeZone(zone ?? timeZoneHere())} />
        </Field>
        {make.isError && <ErrorState error={make.error} />}
      </div>
    </Dialog>
  )
}
