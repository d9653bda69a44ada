import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Keys } from './keys.tsx'

/** A short name for something that shows none. Never the only place of an information. */
export function Tip({
  text,
  shortcut,
  side = 'bottom',
  children,
}: {
  text: string
  shortcut?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactElement
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className="z-50">
          <Tooltip.Popup className="floats flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-caption text-canvas shadow-float">
            {text}
            {shortcut && <Keys keys={shortcut} onDark />}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
