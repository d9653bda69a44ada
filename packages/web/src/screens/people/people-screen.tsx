import type { InvitationView, MemberView, Role } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, ShieldCheck, Trash2, UserPlus } from 'lucide-react'
import { useContext, useState } from 'react'
import { api } from '../../server/client.ts'
import { accountQuery, invitationsQuery, peopleQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { BackToSettings } from '../settings/back-to-settings.tsx'
import { Page, Section } from '../../shell/page.tsx'
import { Allowed, useRefusal } from '../../ui/allowed.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { PasswordLinkDialog } from './password-link-dialog.tsx'
import { PermissionTable } from './permission-table.tsx'
import { roleOptions } from './roles.ts'

/** Who is in the workspace, what they may do, and who was invited. */
export function PeopleScreen() {
  const people = useQuery(peopleQuery)
  const account = useQuery(accountQuery).data
  const refusal = useRefusal('people.write')
  const [isInviting, setInviting] = useState(false)
  const [leaving, setLeaving] = useState<MemberView>()
  const [forgetful, setForgetful] = useState<MemberView>()
  const mayOwn = useContext(Allowed).role === 'owner'
  const you = account?.state === 'signed-in' ? account.person.id : undefined
  return (
    <Page
      title="People and roles"
      back={<BackToSettings />}
      lead="A role says what somebody may do in this workspace. It can be another one in each workspace."
      actions={
        <Button variant="primary" icon={UserPlus} needs="people.write" onClick={() => setInviting(true)}>
          Invite
        </Button>
      }
    >
      <div className="grid max-w-5xl grid-cols-1 gap-2">
        {refusal !== undefined && <Note>{refusal}</Note>}
        {people.isPending ? (
          <SkeletonRows label="Loading people" rows={3} />
        ) : people.isError ? (
          <ErrorState error={people.error} onRetry={() => void people.refetch()} />
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {people.data.map((member) => (
              <Row
                key={member.id}
                member={member}
                isYou={member.id === you}
                mayChange={refusal === undefined && (mayOwn || member.role !== 'owner')}
                mayOwn={mayOwn}
                onRemove={() => setLeaving(member)}
                onNewPassword={() => setForgetful(member)}
              />
            ))}
          </ul>
        )}
        {refusal === undefined && <Invitations mayOwn={mayOwn} />}
        <Section title="What each role may do">
          <PermissionTable />
        </Section>
      </div>
      {isInviting && <InviteDialog mayOwn={mayOwn} onClose={() => setInviting(false)} />}
      {forgetful && <PasswordLinkDialog member={forgetful} onClose={() => setForgetful(undefined)} />}
      {leaving && <RemoveDialog member={leaving} onClose={() => setLeaving(undefined)} />}
    </Page>
  )
}

type RowProps = { member: MemberView; isYou: boolean; mayChange: boolean; mayOwn: boolean; onRemove: () => void; onNewPassword: () => void }

function Row({ member, isYou, mayChange, mayOwn, onRemove, onNewPassword }: RowProps) {
  const setRole = useAct<Role>({
    run: (role) => api.people.setRole({ params: { person: member.id }, body: { role } }),
    stales: isYou ? ['people', 'account'] : ['people'],
  })
  return (
    <li className="py-2 text-dense">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex items-center gap-2 font-medium">
            <span className="truncate">{member.name}</span>
            {isYou && <span className="text-caption font-normal text-soft">you</span>}
            {member.hasTwoFactor && (
              <span className="inline-flex items-center gap-1 text-caption font-normal text-done">
                <ShieldCheck aria-hidden className="size-3.5" /> two-factor
              </span>
            )}
          </p>
          <p className="truncate text-caption text-soft">{member.email}</p>
        </div>
        <span className="w-32 text-caption text-soft max-md:hidden">
          {member.seenAt === null ? 'not signed in' : <Time at={member.seenAt} relative />}
        </span>
        {mayChange ? (
          <Select
            label={`Role of ${member.name}`}
            className="w-36"
            value={member.role}
            options={roleOptions(mayOwn)}
            onChange={(role) => setRole.mutate(role)}
          />
        ) : (
          <span className="w-36 capitalize">{member.role}</span>
        )}
        {mayOwn &&
          (isYou ? (
            <span className="size-8 pointer-coarse:size-10" />
          ) : (
            <IconButton icon={KeyRound} label={`Link for a new password of ${member.name}`} onClick={onNewPassword} />
          ))}
        <IconButton icon={Trash2} label={`Remove ${member.name}`} disabled={!mayChange} onClick={onRemove} />
      </div>
      {setRole.isError && (
        <div className="mt-2">
          <ErrorState error={setRole.error} />
        </div>
      )}
    </li>
  )
}

function RemoveDialog({ member, onClose }: { member: MemberView; onClose: () => void }) {
  const remove = useAct({ run: () => api.people.remove({ params: { person: member.id } }), stales: ['people', 'account'], onDone: onClose })
  return (
    <ConfirmDialog
      title={`Remove ${member.name}`}
      text="They lose access to this workspace at once, and their API tokens end. Flows, connections and runs stay."
      confirm="Remove"
      act={remove}
      onClose={onClose}
    />
  )
}

function Invitations({ mayOwn }: { mayOwn: boolean }) {
  const invitations = useQuery(invitationsQuery)
  const [again, setAgain] = useState<InvitationView>()
  const withdraw = useAct<string>({ run: (invitation) => api.people.withdraw({ params: { invitation } }), stales: ['people'] })
  if (invitations.isError) return <ErrorState error={invitations.error} onRetry={() => void invitations.refetch()} />
  if (!invitations.data || invitations.data.invitations.length === 0) return null
  return (
    <Section title="Invited">
      {withdraw.isError && <ErrorState error={withdraw.error} />}
      <ul className="divide-y divide-line border-y border-line">
        {invitations.data.invitations.map((invitation) => (
          <li key={invitation.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-dense">
            <div className="min-w-0 flex-1 basis-56">
              <p className="truncate font-medium">{invitation.email}</p>
              <p className="text-caption text-soft">
                {invitation.role}
                {invitation.invitedBy !== null && `, by ${invitation.invitedBy}`} ·{' '}
                {invitation.hasEnded ? (
                  'has ended'
                ) : (
                  <>
                    until <Time at={invitation.expiresAt} />
                  </>
                )}
              </p>
            </div>
            <span className="flex gap-2">
              <Button size="sm" onClick={() => setAgain(invitation)}>
                New link
              </Button>
              <Button
                size="sm"
                isBusy={withdraw.isPending && withdraw.variables === invitation.id}
                onClick={() => withdraw.mutate(invitation.id)}
              >
                Withdraw
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {again && <InviteDialog mayOwn={mayOwn} email={again.email} onClose={() => setAgain(undefined)} />}
    </Section>
  )
}
