import { Field as BaseField } from '@base-ui/react/field'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

type Props = {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  isRequired?: boolean
  aside?: ReactNode
  className?: string
  children: ReactNode
}

/** A labelled control. Hint and error are tied to the control for screen readers; required is said in words of the label. */
export function Field({ label, hint, error, isRequired, aside, className, children }: Props) {
  return (
    <BaseField.Root invalid={error !== undefined} className={cx('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <BaseField.Label className="text-dense font-medium text-ink">
          {label}
          {isRequired && <span className="ml-1 font-normal text-faint">required</span>}
        </BaseField.Label>
        {aside}
      </div>
      {children}
      {hint && <BaseField.Description className="text-caption text-soft">{hint}</BaseField.Description>}
      {error !== undefined && (
        <BaseField.Error match className="text-caption text-failed">
          {error}
        </BaseField.Error>
      )}
    </BaseField.Root>
  )
}

const CONTROL =
  'h-8 min-w-0 rounded-md border border-edge bg-canvas px-2.5 text-dense text-ink pointer-coarse:h-10 focus-visible:outline-offset-0 data-[invalid]:border-failed aria-[invalid=true]:border-failed disabled:opacity-60'

/** The look of a control; as wide as its place unless the caller says a width. */
export const controlClass = (className?: string): string => cx(CONTROL, !/(^|\s)w-/.test(className ?? '') && 'w-full', className)
