import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { controlClass } from './field.tsx'
import { cx } from './cx.ts'

const PAUSE_MS = 200

/** Search as one types; `onText` is called after a short pause, `onTyping` at once. */
export function SearchBox({
  label,
  value,
  onText,
  onTyping,
  className,
}: {
  label: string
  value: string
  onText: (text: string) => void
  onTyping?: (text: string) => void
  className?: string
}) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => onText(text), PAUSE_MS)
    return () => clearTimeout(timer)
    // Only typing starts the pause: the callback is made anew on every render.
  }, [text])
  return (
    <label className={cx('relative block w-64 max-w-full', className)}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-icon" strokeWidth={1.75} />
      <input
        type="search"
        value={text}
        placeholder={label}
        onChange={(event) => {
          setText(event.target.value)
          onTyping?.(event.target.value)
        }}
        className={controlClass('pl-8')}
      />
    </label>
  )
}
