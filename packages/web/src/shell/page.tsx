import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { cx } from '../ui/cx.ts'

type Props = {
  title: ReactNode
  /** For the window's title when the heading is not plain text. */ name?: string
  lead?: ReactNode
  back?: ReactNode
  actions?: ReactNode
  filters?: ReactNode
  isWide?: boolean
  children: ReactNode
}

/** The frame of a screen: title, what can be done here, filters, content. */
export function Page({ title, name, lead, back, actions, filters, isWide = false, children }: Props) {
  const words = name ?? (typeof title === 'string' ? title : 'Couplet')
  useEffect(() => {
    document.title = `${words} · Couplet`
  }, [words])
  return (
    <div className={cx('px-6 pt-4 pb-16 max-md:px-4 max-md:pb-24', !isWide && 'max-w-[1440px]')}>
      {back}
      <header className="flex min-h-8 flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-title font-semibold tracking-[-0.012em]">{title}</h1>
          {lead && <div className="mt-1 max-w-[72ch] text-body text-soft">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {filters && <div className="no-print mt-4 flex flex-wrap items-center gap-2">{filters}</div>}
      <div className="mt-4">{children}</div>
    </div>
  )
}

/** A part of a page under its own heading. */
export function Section({
  title,
  aside,
  className,
  children,
}: {
  title: ReactNode
  aside?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <section className={cx('mt-8 first:mt-0', className)}>
      <div className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-3">
        <h2 className="text-lead font-semibold tracking-[-0.006em]">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
