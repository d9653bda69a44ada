import { Combobox as BaseCombobox } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useMemo } from 'react'
import { cx } from './cx.ts'
import { controlClass } from './field.tsx'
import type { Option } from './select.tsx'

type Props = {
  value: string | undefined
  options: readonly Option<string>[]
  onChange: (value: string | undefined) => void
  label?: string
  placeholder?: string
  /** Shown in place of the list: while it loads, or why it could not be loaded. */
  status?: string | undefined
  emptyText?: string
  className?: string
}

/** Search in many choices. A value that is not among them (any more) stays and is shown as it is. */
export function Combobox({
  value,
  options,
  onChange,
  label,
  placeholder = 'Search',
  status,
  emptyText = 'Nothing fits.',
  className,
}: Props) {
  const items = useMemo(
    () => (value !== undefined && !options.some((option) => option.value === value) ? [{ value, label: value }, ...options] : options),
    [value, options],
  )
  const chosen = items.find((option) => option.value === value) ?? null
  return (
    <BaseCombobox.Root
      items={items}
      value={chosen}
      onValueChange={(next: Option<string> | null) => onChange(next?.value)}
      isItemEqualToValue={(left, right) => left?.value === right?.value}
      limit={200}
    >
      <BaseCombobox.InputGroup className={cx('relative', className)}>
        <BaseCombobox.Input aria-label={label} placeholder={placeholder} className={controlClass('pr-8')} />
        <BaseCombobox.Trigger aria-label="Show choices" className="absolute inset-y-0 right-0 flex w-8 items-center justify-center">
          <ChevronsUpDown aria-hidden className="size-3.5 text-icon" />
        </BaseCombobox.Trigger>
      </BaseCombobox.InputGroup>
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner sideOffset={4} className="z-50">
          <BaseCombobox.Popup className="floats scroll-slim max-h-[min(22rem,var(--available-height))] w-[max(var(--anchor-width),16rem)] max-w-[calc(100vw-2rem)] overflow-y-auto rounded-md border border-line bg-float p-1 shadow-float">
            <BaseCombobox.Status className="px-2 py-1.5 text-dense text-soft empty:hidden">{status}</BaseCombobox.Status>
            <BaseCombobox.Empty className="px-2 py-1.5 text-dense text-soft empty:hidden">
              {status === undefined ? emptyText : undefined}
            </BaseCombobox.Empty>
            <BaseCombobox.List>
              {(option: Option<string>) => (
                <BaseCombobox.Item
                  key={option.value}
                  value={option}
                  className="grid cursor-default grid-cols-[16px_1fr] gap-x-2 rounded-sm px-2 py-1.5 text-dense outline-none data-[highlighted]:bg-well pointer-coarse:py-2.5"
                >
                  <BaseCombobox.ItemIndicator className="col-start-1 mt-0.5">
                    <Check aria-hidden className="size-4 text-accent" />
                  </BaseCombobox.ItemIndicator>
                  <span className="col-start-2 min-w-0">
                    {option.label}
                    {option.hint && <span className="block truncate text-caption text-soft">{option.hint}</span>}
                  </span>
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  )
}
