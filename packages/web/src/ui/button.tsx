import { Button as BaseButton } from '@base-ui/react/button'
import type { Permission } from '@couplet/api'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { useRefusal } from './allowed.ts'
import { cx } from './cx.ts'
import { Tip } from './tooltip.tsx'

export type ButtonLook = { variant?: 'primary' | 'secondary' | 'quiet' | 'danger'; size?: 'md' | 'sm' }

const VARIANTS = {
  primary: 'bg-accent text-accent-on hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-float text-ink hover:bg-well active:bg-hover',
  quiet: 'text-soft hover:bg-well hover:text-ink active:bg-hover',
  danger: 'bg-failed-solid text-white hover:brightness-110',
} as const

/** The look of a button, for links that act like one. */
export const buttonClass = ({ variant = 'secondary', size = 'md' }: ButtonLook = {}): string =>
  cx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none transition-colors duration-120',
    'aria-disabled:opacity-50 aria-disabled:pointer-events-none disabled:opacity-50 disabled:pointer-events-none',
    size === 'md' ? 'h-8 px-3 text-dense pointer-coarse:h-10' : 'h-7 px-2 text-caption pointer-coarse:h-9',
    VARIANTS[variant],
  )

type Props = ButtonLook & {
  icon?: LucideIcon
  /** The action is under way: the button keeps its words, says so to screen readers, and cannot be pressed again. */
  isBusy?: boolean
  /** What pressing it needs: a person who lacks it sees the button, cannot press it, and is told who can. */
  needs?: Permission
  children: ReactNode
} & Omit<ComponentProps<'button'>, 'children'>

export function Button({ variant, size, icon: Icon, isBusy, needs, children, className, disabled, ...rest }: Props) {
  const refusal = useRefusal(needs)
  const button = (
    <BaseButton
      type="button"
      {...rest}
      disabled={disabled === true || isBusy === true || refusal !== undefined}
      focusableWhenDisabled
      aria-busy={isBusy || undefined}
      className={cx(
        buttonClass({ ...(variant ? { variant } : {}), ...(size ? { size } : {}) }),
        isBusy && 'animate-[breathe_1.2s_infinite]',
        className,
      )}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />}
      {children}
    </BaseButton>
  )
  // A disabled button lets the pointer through, so the reason hangs on what is around it.
  return refusal === undefined ? (
    button
  ) : (
    <Tip text={refusal}>
      <span className="inline-flex">{button}</span>
    </Tip>
  )
}
