import type { OperationDetail } from '@couplet/api'
import { FlowDefinition } from '@couplet/flow'
import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { addAction } from '../../builder/model/new-step.ts'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** A new flow that begins with this trigger, or has this action as its first step. */
async function flowWith(operation: OperationDetail, name: string): Promise<{ flow: string; step?: string }> {
  if (operation.kind === 'trigger') {
    const flow = await api.flows.create({ body: { from: 'blank', name, trigger: operation.id } })
    return { flow: flow.id }
  }
  const flow = await api.flows.create({ body: { from: 'blank', name } })
  const { id, edits } = addAction(FlowDefinition.parse(flow.draft), { container: { kind: 'flow' }, index: 0 }, operation)
  await api.flows.saveDraft({
    params: { flow: flow.id },
    body: { fromRevision: flow.draftRevision, edits: edits.map((edit) => ({ ...edit })) },
  })
  return { flow: flow.id, step: id }
}

export function UseInFlow({ operation }: { operation: OperationDetail }) {
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState(operation.title)
  const navigate = useNavigate()
  const create = useAct({
    run: () => flowWith(operation, name),
    stales: ['flows', 'catalogue'],
    onDone: ({ flow, step }) =>
      void navigate({ to: '/flows/$flowId/edit', params: { flowId: flow }, search: step === undefined ? {} : { step } }),
  })
  return (
    <>
      <Button needs="flows.write" variant="primary" icon={Plus} onClick={() => setOpen(true)}>
        Use in a new flow
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="New flow"
        text={operation.kind === 'trigger' ? 'It starts with this trigger.' : 'It has this step; you choose what starts it.'}
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
            <TextInput value={name} onText={setName} autoFocus />
          </Field>
          {create.isError && <ErrorState error={create.error} />}
        </form>
      </Dialog>
    </>
  )
}
