import { ToggleGroup } from '@base-ui/react/toggle-group'
import { Toggle } from '@base-ui/react/toggle'
import type { Option } from './select.tsx'

/** Two to four views or filters, one of them on. */
export function Segmented<Value extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: Value
  options: readonly Option<Value>[]
  onChange: (value: Value) => void
  label: string
}) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className="inline-flex h-8 shrink-0 justify-self-start rounded-md bg-well p-0.5 pointer-coarse:h-10"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="rounded-sm px-2.5 text-dense text-soft hover:text-ink data-[pressed]:bg-float data-[pressed]:font-medium data-[pressed]:text-ink data-[pressed]:shadow-[0_0_0_1px_var(--n-7)]"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
