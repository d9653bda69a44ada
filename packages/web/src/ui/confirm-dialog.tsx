import type { Permission } from '@couplet/api'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorState } from './error-state.tsx'

/** Asks before something is done that cannot be taken back. `act`: what the button does; it is red unless nothing is lost by it. */
export function ConfirmDialog({
  title,
  text,
  confirm,
  isDangerous = true,
  keep = 'Cancel',
  needs,
  act,
  onClose,
}: {
  title: string
  text: string
  confirm: string
  isDangerous?: boolean
  keep?: string
  needs?: Permission
  act: { mutate: () => void; isPending: boolean; isError: boolean; error: unknown }
  onClose: () => void
}) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      text={text}
      footer={
        <>
          <Button onClick={onClose}>{keep}</Button>
          <Button
            {...(needs ? { needs } : {})}
            variant={isDangerous ? 'danger' : 'primary'}
            isBusy={act.isPending}
            onClick={() => act.mutate()}
          >
            {confirm}
          </Button>
        </>
      }
    >
      {act.isError && <ErrorState error={act.error} />}
    </Dialog>
  )
}
