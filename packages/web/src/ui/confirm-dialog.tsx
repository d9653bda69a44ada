import type { Permission } from '@couplet/api'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorState } from './error-state.tsx'

/** Asks before something is done that cannot be taken back. `act`: what the red button does. */
export function ConfirmDialog({
  title,
  text,
  confirm,
  keep = 'Cancel',
  needs,
  act,
  onClose,
}: {
  title: string
  text: string
  confirm: string
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
          <Button {...(needs ? { needs } : {})} variant="danger" isBusy={act.isPending} onClick={() => act.mutate()}>
            {confirm}
          </Button>
        </>
      }
    >
      {act.isError && <ErrorState error={act.error} />}
    </Dialog>
  )
}
