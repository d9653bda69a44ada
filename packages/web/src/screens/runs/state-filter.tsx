import { cx } from '../../ui/cx.ts'
import { figures } from '../../words/times.ts'

const STATES = [
  ['failed', 'Failed'],
  ['parked', 'Parked'],
  ['waiting', 'Waiting'],
  ['running', 'Running'],
  ['queued', 'Queued'],
  ['done', 'Done'],
  ['skipped', 'Skipped'],
  ['cancelled', 'Cancelled'],
] as const

/** States as buttons with their counts; several may be on. Those that need a person come first. */
export function StateFilter({
  state,
  counts,
  onChange,
}: {
  state: string | undefined
  counts: Partial<Record<string, number>> | undefined
  onChange: (state: string | undefined) => void
}) {
  const on = new Set((state ?? '').split(',').filter(Boolean))
  const flip = (name: string) => {
    const next = new Set(on)
    if (!next.delete(name)) next.add(name)
    onChange(next.size === 0 ? undefined : [...next].join(','))
  }
  return (
    <div role="group" aria-label="States" className="flex flex-wrap gap-1">
      {STATES.map(([name, word]) => {
        const count = counts?.[name] ?? 0
        return (
          <button
            key={name}
            type="button"
            aria-pressed={on.has(name)}
            onClick={() => flip(name)}
            className={cx(
              'flex h-8 items-center gap-1.5 rounded-md border px-2.5 text-dense pointer-coarse:h-10',
              on.has(name)
                ? 'border-accent-line bg-accent-soft font-medium text-accent-text'
                : 'border-line text-soft hover:bg-well hover:text-ink',
            )}
          >
            {word}
            {count > 0 && (
              <span
                className={cx(
                  'figures text-caption',
                  !on.has(name) && (name === 'failed' ? 'text-failed' : name === 'parked' ? 'text-attention' : 'text-faint'),
                )}
              >
                {figures(count)}
              </span>
            )}
          </button>
        )
      })}
    </div>
  )
}
