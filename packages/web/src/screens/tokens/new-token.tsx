import { isPermission, type Permission, PERMISSIONS } from '@couplet/api'
import { useContext, useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Allowed } from '../../ui/allowed.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'

const ALL = Object.keys(PERMISSIONS).filter(isPermission)
/** What programs are mostly made for: looking, and moving flows from a repository. */
const SETS = {
  read: ALL.filter((name) => name.endsWith('.read') && name !== 'audit.read'),
  flows: ALL.filter((name) => name.startsWith('flows.') || name === 'runs.read' || name === 'connections.read'),
} as const

const ENDS = [
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: 'never', label: 'never', hint: 'until somebody removes it' },
] as const

/** Makes a token; it is shown this once. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const own = useContext(Allowed).permissions
  const [name, setName] = useState('')
  const [set, setSet] = useState<keyof typeof SETS | 'own'>('read')
  const [chosen, setChosen] = useState<readonly Permission[]>(SETS.read)
  const [ends, setEnds] = useState<(typeof ENDS)[number]['value']>('90')
  const permissions = (set === 'own' ? chosen : SETS[set]).filter((permission) => own.has(permission))
  const make = useAct({
    run: () => api.tokens.create({ body: { name, permissions: [...permissions], days: ends === 'never' ? null : Number(ends) } }),
    stales: ['tokens'],
  })
  if (make.data)
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={`Token "${make.data.name}"`}
        footer={
          <Button variant="primary" onClick={onClose}>
            I have kept it
          </Button>
        }
      >
        <div className="grid grid-cols-1 gap-3">
          <Note tone="attention">It is shown this once. Whoever has it can do what was chosen, until it ends.</Note>
          <CopyText text={make.data.token} label="Copy the token" />
          <p className="text-caption text-soft">
            Programs send it as <code>Authorization: Bearer …</code>, the command line reads it from <code>COUPLET_TOKEN</code>.
          </p>
        </div>
      </Dialog>
    )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="md"
      title="New API token"
      footer={
        <Button
          variant="primary"
          isBusy={make.isPending}
          disabled={name.trim() === '' || permissions.length === 0}
          onClick={() => make.mutate()}
        >
          Make token
        </Button>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-[1fr_12rem]">
          <Field label="Name" isRequired hint="What will use it.">
            <TextInput value={name} onText={setName} placeholder="Deploys of flows" autoFocus />
          </Field>
          <Field label="Ends">
            <Select value={ends} options={ENDS} onChange={setEnds} />
          </Field>
        </div>
        <div className="grid gap-2">
          <p className="text-dense font-medium">It may</p>
          <Segmented
            label="It may"
            value={set}
            options={[
              { value: 'read', label: 'Read' },
              { value: 'flows', label: 'Push flows' },
              { value: 'own', label: 'Choose' },
            ]}
            onChange={(next) => {
              if (next === 'own' && set !== 'own') setChosen(permissions)
              setSet(next)
            }}
          />
          <ul className="grid gap-x-6 gap-y-1 pt-1">
            {ALL.map((permission) => (
              <li key={permission}>
                <label className="flex items-start gap-2 py-0.5 text-dense">
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    checked={permissions.includes(permission)}
                    disabled={set !== 'own' || !own.has(permission)}
                    onChange={({ target }) =>
                      setChosen(target.checked ? [...chosen, permission] : chosen.filter((one) => one !== permission))
                    }
                  />
                  <span className="min-w-0">
                    {PERMISSIONS[permission]} <code className="text-caption text-soft max-sm:hidden">{permission}</code>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </div>
        {make.isError && <ErrorState error={make.error} />}
      </div>
    </Dialog>
  )
}
