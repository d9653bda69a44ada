import type { Role } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { LinkDialog } from '../../ui/link-dialog.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { roleOptions } from './roles.ts'

/** Invites by e-mail address; the link is shown once, to be passed on. */
export function InviteDialog({ mayOwn, email: known = '', onClose }: { mayOwn: boolean; email?: string; onClose: () => void }) {
  const [email, setEmail] = useState(known)
  const [role, setRole] = useState<Role>('builder')
  const invite = useAct({ run: () => api.people.invite({ body: { email, role } }), stales: ['people'] })
  if (invite.data)
    return (
      <LinkDialog
        title={`Invitation for ${email}`}
        text="The link works once, for 7 days. It is not shown again; inviting again makes a new one."
        url={invite.data.url}
        onClose={onClose}
      >
        <Note tone={invite.data.isMailed ? 'done' : 'attention'}>
          {invite.data.isMailed ? 'The link was sent by e-mail.' : 'Couplet sends no e-mail here: pass the link on yourself.'}
        </Note>
      </LinkDialog>
    )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Invite somebody"
      onEnter={email.trim() === '' || invite.isPending ? undefined : () => invite.mutate()}
      footer={
        <Button variant="primary" isBusy={invite.isPending} disabled={email.trim() === ''} onClick={() => invite.mutate()}>
          Make the invitation
        </Button>
      }
    >
      <div className="grid gap-4">
        <Field label="E-mail" isRequired error={invite.isError ? problemOf(invite.error).fields?.['email'] : undefined}>
          <TextInput type="email" value={email} onText={setEmail} spellCheck={false} autoFocus />
        </Field>
        <Field label="Role">
          <Select value={role} options={roleOptions(mayOwn)} onChange={setRole} />
        </Field>
        {invite.isError && <ErrorState error={invite.error} isAtFields />}
      </div>
    </Dialog>
  )
}
