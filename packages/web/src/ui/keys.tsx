import { cx } from './cx.ts'

/** Keys to press, as written: `g f`, `⌘ k`. */
export function Keys({ keys, onDark = false }: { keys: string; onDark?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(' ').map((key, index) => (
        <kbd
          key={`${key}${index}`}
          className={cx(
            'inline-flex h-5 min-w-5 items-center justify-center rounded-sm border px-1 text-[11px]/none',
            onDark ? 'border-faint text-canvas' : 'border-line-strong bg-panel text-soft',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
