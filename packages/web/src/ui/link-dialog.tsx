import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { CopyText } from './copy-text.tsx'
import { Dialog } from './dialog.tsx'

/** A link that is shown this once, to be passed on. */
export function LinkDialog({
  title,
  text,
  url,
  onClose,
  children,
}: {
  title: string
  text: string
  url: string
  onClose: () => void
  children?: ReactNode
}) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      text={text}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-3">
        {children}
        <CopyText text={url} label="Copy the link" />
      </div>
    </Dialog>
  )
}
