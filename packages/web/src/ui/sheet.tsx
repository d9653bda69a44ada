import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { cx } from './cx.ts'
import { firstField } from './first-field.ts'
import { IconButton } from './icon-button.tsx'

type Props = { isOpen: boolean; onClose: () => void; title: ReactNode; width?: 'md' | 'lg'; footer?: ReactNode; children: ReactNode }

/** A pane that comes over the right side; on phones over all of the screen. */
export function Sheet({ isOpen, onClose, title, width = 'md', footer, children }: Props) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup
          ref={popup}
          initialFocus={() => firstField(popup.current)}
          className={cx(
            'fixed inset-y-0 right-0 z-30 flex outline-none w-full flex-col border-l border-line bg-canvas shadow-float transition-transform duration-180 ease-out data-[ending-style]:translate-x-8 data-[ending-style]:opacity-0 data-[starting-style]:translate-x-8 data-[starting-style]:opacity-0',
            width === 'md' ? 'max-w-lg' : 'max-w-3xl',
          )}
        >
          <header className="flex items-center justify-between gap-4 border-b border-line px-5 py-3">
            <Dialog.Title className="min-w-0 text-lead font-semibold">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon={X} label="Close" />} />
          </header>
          <div className="scroll-slim min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
