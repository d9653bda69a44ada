import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** Nothing there yet: says what would be here, why it is not, and offers the one next step. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex max-w-xl items-start gap-4 py-8">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-md bg-well text-soft">
        <Icon aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <div>
        <h2 className="text-lead font-semibold">{title}</h2>
        <div className="mt-1 text-body text-soft">{children}</div>
        {action && <div className="mt-4 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}
