import { cx } from './cx.ts'

const TILES: Record<string, { letters: string; look: string; name: string }> = {
  highlevel: { letters: 'HL', look: 'bg-highlevel-soft text-highlevel', name: 'HighLevel' },
  heyzine: { letters: 'Hz', look: 'bg-heyzine-soft text-heyzine', name: 'Heyzine' },
  payaca: { letters: 'Pa', look: 'bg-payaca-soft text-payaca', name: 'Payaca' },
  builtin: { letters: 'Co', look: 'bg-well text-soft', name: 'Couplet' },
}

/** The vendor's name for people; an unknown id is written with a capital. */
export const vendorName = (connector: string): string => TILES[connector]?.name ?? connector.replace(/^./, (letter) => letter.toUpperCase())

/** A monogram for a vendor, in a hue of its own. The name stands beside it or is read out. */
export function VendorTile({
  connector,
  size = 'md',
  isNamed = false,
}: {
  connector: string
  size?: 'sm' | 'md' | 'lg'
  isNamed?: boolean
}) {
  const tile = TILES[connector] ?? {
    letters: connector.slice(0, 2).replace(/^./, (letter) => letter.toUpperCase()),
    look: 'bg-well text-soft',
  }
  return (
    <span
      {...(isNamed ? { role: 'img', 'aria-label': vendorName(connector), title: vendorName(connector) } : { 'aria-hidden': true })}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-sm font-semibold tracking-tight select-none',
        size === 'sm' ? 'size-5 text-[10px]' : size === 'md' ? 'size-6 text-[11px]' : 'size-8 text-dense',
        tile.look,
      )}
    >
      {tile.letters}
    </span>
  )
}
