import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { cx } from './cx.ts'
import { EnvironmentMark } from './environment-mark.tsx'
import { firstField } from './first-field.ts'
import { IconButton } from './icon-button.tsx'

type Props = {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  text?: ReactNode
  /** Where its main button changes data: live accounts are marked in red beside the title. */
  changes?: 'sandbox' | 'live' | undefined
  /** What Enter does in its fields: the same as its main button; absent while that is not ready. */
  onEnter?: (() => void) | undefined
  size?: 'sm' | 'md' | 'lg'
  footer?: ReactNode
  children?: ReactNode
}

/** A field of one line, in which Enter has no other meaning. */
const isLine = (target: EventTarget): boolean =>
  target instanceof HTMLInputElement && ['text', 'password', 'email', 'number', 'url', 'search'].includes(target.type)

const WIDTHS = { sm: 'max-w-md', md: 'max-w-2xl', lg: 'max-w-5xl' } as const

/** Asks or shows something that must be answered first. Focus goes in, and back to where it came from. */
export function Dialog({ isOpen, onClose, title, text, changes, onEnter, size = 'sm', footer, children }: Props) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-y-auto p-4 pt-[8vh] max-sm:items-end max-sm:p-0">
          <BaseDialog.Popup
            ref={popup}
            initialFocus={() => firstField(popup.current)}
            onKeyDown={(event) => {
              if (!onEnter || event.key !== 'Enter' || event.defaultPrevented || !isLine(event.target)) return
              event.preventDefault()
              onEnter()
            }}
            className={cx(
              'floats outline-none flex max-h-[84dvh] w-full flex-col rounded-md border border-line bg-float shadow-float max-sm:max-h-[92dvh] max-sm:rounded-b-none',
              WIDTHS[size],
            )}
          >
            <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
              <div className="min-w-0">
                <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <BaseDialog.Title className="text-lead font-semibold">{title}</BaseDialog.Title>
                  {changes && <EnvironmentMark environment={changes} changes />}
                </div>
                {text && <BaseDialog.Description className="mt-1 text-dense text-soft">{text}</BaseDialog.Description>}
              </div>
              <BaseDialog.Close render={<IconButton icon={X} label="Close" />} />
            </header>
            {children && <div className="scroll-slim min-h-0 overflow-y-auto px-5 pt-1 pb-4">{children}</div>}
            {footer && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}
