import { Switch as BaseSwitch } from '@base-ui/react/switch'

/** On or off, at once. */
export function Switch({
  isOn,
  onChange,
  label,
  isDisabled,
}: {
  isOn: boolean
  onChange: (isOn: boolean) => void
  label?: string
  isDisabled?: boolean
}) {
  return (
    <BaseSwitch.Root
      checked={isOn}
      onCheckedChange={onChange}
      disabled={isDisabled === true}
      aria-label={label}
      className="relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-edge bg-well p-0.5 transition-colors duration-120 data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:opacity-50"
    >
      <BaseSwitch.Thumb className="size-3.5 rounded-full bg-edge transition-transform duration-120 data-[checked]:translate-x-4 data-[checked]:bg-accent-on" />
    </BaseSwitch.Root>
  )
}
