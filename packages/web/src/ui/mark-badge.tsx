import { Tip } from './tooltip.tsx'

const WORDS = {
  CONFIRMED: { word: 'Confirmed', why: "It is in the vendor's own material.", look: 'text-done border-done' },
  REPORTED: { word: 'Reported', why: 'A third party says so.', look: 'text-running border-running' },
  ASSUMED: { word: 'Assumed', why: 'It is our deduction; the vendor says nothing about it.', look: 'text-attention border-attention' },
} as const

/** How sure Couplet is of something about a vendor. */
export function MarkBadge({ mark }: { mark: keyof typeof WORDS }) {
  const { word, why, look } = WORDS[mark]
  return (
    <Tip text={why}>
      <button
        type="button"
        className={`inline-flex h-5 shrink-0 cursor-default items-center rounded-sm border px-1.5 text-[11px]/none font-medium ${look}`}
      >
        {word}
      </button>
    </Tip>
  )
}
