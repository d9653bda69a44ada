import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { operationsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { TemplateGallery } from './template-gallery.tsx'

/** The three ways to a new flow. */
export function NewFlow({ way, onClose }: { way: 'template' | 'blank' | 'file' | undefined; onClose: () => void }) {
  return (
    <>
      <Dialog
        isOpen={way === 'template'}
        onClose={onClose}
        size="lg"
        title="New flow from a template"
        text="A template has its fields mapped already. It becomes a draft that uses the sandbox; nothing touches a live account until you choose one and publish."
      >
        <TemplateGallery />
      </Dialog>
      <BlankFlow isOpen={way === 'blank'} onClose={onClose} />
      <ImportFlow isOpen={way === 'file'} onClose={onClose} />
    </>
  )
}

function useOpenBuilder() {
  const navigate = useNavigate()
  return (flow: { id: string }) => void navigate({ to: '/flows/$flowId/edit', params: { flowId: flow.id } })
}

function BlankFlow({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState('')
  const [trigger, setTrigger] = useState<string>()
  const openBuilder = useOpenBuilder()
  const operations = useQuery({ ...operationsQuery, enabled: isOpen })
  const create = useAct({
    run: () => api.flows.create({ body: { from: 'blank', name, ...(trigger === undefined ? {} : { trigger }) } }),
    stales: ['flows'],
    onDone: openBuilder,
  })
  const triggers = (operations.data ?? [])
    .filter(({ kind }) => kind === 'trigger')
    .map(({ id, title, connector, summary }) => ({ value: id, label: `${vendorName(connector)}: ${title}`, hint: summary }))
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Blank flow"
      footer={
        <Button variant="primary" isBusy={create.isPending} disabled={name.trim() === ''} onClick={() => create.mutate()}>
          Create draft
        </Button>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') create.mutate()
        }}
      >
        <Field label="Name" isRequired>
          <TextInput value={name} onText={setName} placeholder="Tags to flipbooks" autoFocus />
        </Field>
        <Field label="Starts when" hint="What the flow reacts to. It can be changed in the builder.">
          <Combobox
            value={trigger}
            options={triggers}
            onChange={setTrigger}
            placeholder="Search triggers"
            status={operations.isPending ? 'Loading triggers' : undefined}
          />
        </Field>
        {create.isError && <ErrorState error={create.error} />}
      </form>
    </Dialog>
  )
}

function ImportFlow({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [file, setFile] = useState<{ name: string; text: string }>()
  const openBuilder = useOpenBuilder()
  const create = useAct({
    run: (chosen: { name: string; text: string }) => api.flows.create({ body: { from: 'file', text: chosen.text, filename: chosen.name } }),
    stales: ['flows'],
    onDone: openBuilder,
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Import a flow file"
      text="A flow exported from Couplet, or written by hand. It becomes a draft; what does not fit is listed with its line."
      footer={
        <Button variant="primary" isBusy={create.isPending} disabled={!file} onClick={() => file && create.mutate(file)}>
          {file ? `Import ${file.name}` : 'Import'}
        </Button>
      }
    >
      <div className="grid gap-4">
        <label className="flex h-24 items-center justify-center rounded-md border border-dashed border-edge bg-panel text-dense text-soft has-focus-visible:outline-2 has-focus-visible:outline-accent hover:text-ink">
          {file ? file.name : 'Choose a .json file'}
          <input
            type="file"
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              const chosen = event.target.files?.[0]
              if (chosen) void chosen.text().then((text) => setFile({ name: chosen.name, text }))
            }}
          />
        </label>
        {create.isError && <ErrorState error={create.error} title="The file could not be read as a flow" />}
      </div>
    </Dialog>
  )
}
