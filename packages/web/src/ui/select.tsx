import { Select as BaseSelect } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { controlClass } from './field.tsx'
import { cx } from './cx.ts'

export type Option<Value extends string> = { value: Value; label: string; hint?: string | undefined }

type Props<Value extends string> = {
  value: Value | undefined
  options: readonly Option<Value>[]
  onChange: (value: Value) => void
  /** Named by a `Field` around it, else by this. */
  label?: string
  placeholder?: string
  isDisabled?: boolean
  className?: string
}

/** One of a few choices, all known. For long or searched lists use `Combobox`. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  label,
  placeholder = 'Choose',
  isDisabled,
  className,
}: Props<Value>) {
  return (
    <BaseSelect.Root
      items={options.map(({ value, label }) => ({ value, label }))}
      value={value ?? null}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={isDisabled === true}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={cx(controlClass(className), 'flex items-center justify-between gap-2 text-left hover:bg-panel')}
      >
        <BaseSelect.Value className="truncate data-[placeholder]:text-faint">
          {(shown) => options.find((option) => option.value === shown)?.label ?? placeholder}
        </BaseSelect.Value>
        <BaseSelect.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-icon" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <BaseSelect.Popup className="floats scroll-slim max-h-[min(24rem,var(--available-height))] min-w-[var(--anchor-width)] max-w-96 overflow-y-auto rounded-md border border-line bg-float p-1 shadow-float">
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item
                  key={option.value}
                  value={option.value}
                  className="grid cursor-default grid-cols-[16px_1fr] items-start gap-x-2 rounded-sm px-2 py-1.5 text-dense outline-none data-[highlighted]:bg-well pointer-coarse:py-2.5"
                >
                  <BaseSelect.ItemIndicator className="col-start-1 mt-0.5">
                    <Check aria-hidden className="size-4 text-accent" />
                  </BaseSelect.ItemIndicator>
                  <span className="col-start-2">
                    <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                    {option.hint && <span className="block text-caption text-soft">{option.hint}</span>}
                  </span>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  )
}
