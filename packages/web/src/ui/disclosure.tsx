import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { cx } from './cx.ts'

/** What most people do not need at once, behind its own name. */
export function Disclosure({
  title,
  isOpenAtFirst = false,
  className,
  children,
}: {
  title: ReactNode
  isOpenAtFirst?: boolean
  className?: string
  children: ReactNode
}) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const id = useId()
  return (
    <div className={className}>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="flex h-8 items-center gap-1 rounded-sm text-dense font-medium text-soft hover:text-ink"
      >
        <ChevronRight aria-hidden className={cx('size-4 text-icon transition-transform duration-120', isOpen && 'rotate-90')} />
        {title}
      </button>
      {isOpen && (
        <div id={id} className="pt-2">
          {children}
        </div>
      )}
    </div>
  )
}
