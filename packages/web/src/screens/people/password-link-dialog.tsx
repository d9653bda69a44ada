import type { MemberView } from '@couplet/api'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { LinkDialog } from '../../ui/link-dialog.tsx'

/** For somebody who cannot sign in any more: a link for a new password, made by an owner and shown once. */
export function PasswordLinkDialog({ member, onClose }: { member: MemberView; onClose: () => void }) {
  const make = useAct({ run: () => api.people.passwordLink({ params: { person: member.id } }), stales: [] })
  if (make.data)
    return (
      <LinkDialog
        title={`New password for ${member.name}`}
        text="The link works once, for an hour, and is not shown again. Pass it on in a way only they can read."
        url={make.data.url}
        onClose={onClose}
      />
    )
  return (
    <ConfirmDialog
      title={`Make a link for a new password of ${member.name}?`}
      text={`Whoever opens it chooses the password of ${member.email}. Then all their sessions end, and two-factor sign-in is off until they switch it on again.`}
      confirm="Make the link"
      isDangerous={false}
      act={make}
      onClose={onClose}
    />
  )
}
