import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'
import { Tip } from './tooltip.tsx'

type Props = { icon: LucideIcon; label: string; shortcut?: string; size?: 'md' | 'sm' } & Omit<ComponentProps<'button'>, 'children'>

/** A button that is only an icon: always named, and the name is shown on hover and focus. */
export function IconButton({ icon: Icon, label, shortcut, size = 'md', className, ...rest }: Props) {
  return (
    <Tip text={label} {...(shortcut === undefined ? {} : { shortcut })}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-soft transition-colors duration-120 hover:bg-well hover:text-ink active:bg-hover disabled:opacity-40 disabled:pointer-events-none aria-pressed:bg-accent-soft aria-pressed:text-accent-text',
          size === 'md' ? 'size-8 pointer-coarse:size-10' : 'size-6 pointer-coarse:size-9',
          className,
        )}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </button>
    </Tip>
  )
}
