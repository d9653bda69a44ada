import { Menu as BaseMenu } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { cx } from './cx.ts'
import { Keys } from './keys.tsx'

export type MenuItem =
  | {
      label: string
      icon?: LucideIcon
      hint?: string | undefined
      shortcut?: string
      isDangerous?: boolean
      isDisabled?: boolean
      onSelect: () => void
    }
  | 'line'

/** Actions that are not needed at first sight. `trigger` must be a button. */
export function Menu({ trigger, items, align = 'end' }: { trigger: ReactElement; items: readonly MenuItem[]; align?: 'start' | 'end' }) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={4} className="z-50">
          <BaseMenu.Popup className="floats min-w-52 max-w-80 rounded-md border border-line bg-float p-1 shadow-float outline-none">
            {items.map((item, index) =>
              item === 'line' ? (
                <BaseMenu.Separator key={`line-${index}`} className="my-1 h-px bg-line" />
              ) : (
                <BaseMenu.Item
                  key={item.label}
                  disabled={item.isDisabled === true}
                  onClick={item.onSelect}
                  className={cx(
                    'flex cursor-default items-start gap-2 rounded-sm px-2 py-1.5 text-dense outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-well pointer-coarse:py-2.5',
                    item.isDangerous && 'text-failed',
                  )}
                >
                  {item.icon && <item.icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.75} />}
                  <span className="flex-1">
                    {item.label}
                    {item.hint && <span className="block text-caption text-soft">{item.hint}</span>}
                  </span>
                  {item.shortcut && <Keys keys={item.shortcut} />}
                </BaseMenu.Item>
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}
