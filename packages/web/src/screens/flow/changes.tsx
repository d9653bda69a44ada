import { ArrowRight, Minus, MoveVertical, PencilLine, Plus } from 'lucide-react'

type Change = {
  kind: 'added' | 'removed' | 'moved' | 'changed'
  subject: string
  member?: string | undefined
  before?: string | undefined
  after?: string | undefined
}

const LOOKS = {
  added: { icon: Plus, word: 'Added', tone: 'text-done' },
  removed: { icon: Minus, word: 'Removed', tone: 'text-failed' },
  moved: { icon: MoveVertical, word: 'Moved', tone: 'text-running' },
  changed: { icon: PencilLine, word: 'Changed', tone: 'text-attention' },
} as const

/** The differences of two versions, readable without knowing the file. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="text-dense text-soft">Nothing differs.</p>
  return (
    <ul className="divide-y divide-line text-dense">
      {changes.map((change, index) => {
        const { icon: Icon, word, tone } = LOOKS[change.kind]
        return (
          <li key={index} className="flex gap-2 py-2 first:pt-0">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
            <div className="min-w-0">
              <p>
                <span className="sr-only">{word}: </span>
                <span className="font-medium">{change.subject}</span>
                {change.member && <span className="text-soft"> · {change.member}</span>}
              </p>
              {(change.before !== undefined || change.after !== undefined) && (
                <p className="flex flex-wrap items-center gap-x-2 font-mono text-caption">
                  {change.before !== undefined && <del className="text-soft">{change.before}</del>}
                  {change.before !== undefined && change.after !== undefined && <ArrowRight aria-hidden className="size-3 text-icon" />}
                  {change.after !== undefined && <ins className="text-ink no-underline">{change.after}</ins>}
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
