import { CircleAlert, CircleCheck, CircleX, Info, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

const LOOKS: Record<'info' | 'attention' | 'failed' | 'done', { icon: LucideIcon; look: string }> = {
  info: { icon: Info, look: 'bg-panel text-soft' },
  attention: { icon: CircleAlert, look: 'bg-attention-soft text-attention' },
  failed: { icon: CircleX, look: 'bg-failed-soft text-failed' },
  done: { icon: CircleCheck, look: 'bg-done-soft text-done' },
}

/** A line or two that belong to what stands beside it, with the button that acts on it. */
export function Note({
  tone = 'info',
  actions,
  className,
  children,
}: {
  tone?: 'info' | 'attention' | 'failed' | 'done'
  actions?: ReactNode
  className?: string
  children: ReactNode
}) {
  const { icon: Icon, look } = LOOKS[tone]
  return (
    <div className={cx('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md px-3 py-2 text-dense', look, className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
