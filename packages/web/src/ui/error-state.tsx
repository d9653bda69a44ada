import { CircleX, RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { problemOf } from '../server/problem.ts'
import { Button } from './button.tsx'
import { CopyText } from './copy-text.tsx'

/** What went wrong, why, and what to do, with the button that does it and the id to quote to support. */
export function ErrorState({
  error,
  onRetry,
  action,
  title,
  isAtFields = false,
}: {
  error: unknown
  onRetry?: (() => void) | undefined
  action?: ReactNode
  title?: string
  /** The form around it shows what is wrong at each field: only what to do is said here. */
  isAtFields?: boolean
}) {
  const problem = problemOf(error)
  const isShort = isAtFields && problem.fields !== undefined && Object.keys(problem.fields).length > 0
  return (
    <div role="alert" className="flex max-w-2xl items-start gap-3 rounded-md bg-failed-soft px-4 py-3">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
      <div className="min-w-0 text-dense">
        <p className="font-medium text-failed">{title ?? (isShort ? 'Nothing was saved: a field needs another value' : problem.message)}</p>
        {title && <p className="mt-1 text-ink">{problem.message}</p>}
        {problem.hint && !isShort && <p className="mt-1 text-ink">{problem.hint}</p>}
        {problem.fields && !isShort && (
          <ul className="mt-1 list-disc pl-4 text-ink">
            {Object.entries(problem.fields).map(([field, words]) => (
              <li key={field}>
                <code className="text-caption">{field}</code> {words}
              </li>
            ))}
          </ul>
        )}
        <div className="mt-2 flex flex-wrap items-center gap-3 empty:hidden">
          {onRetry && (
            <Button size="sm" icon={RotateCcw} onClick={onRetry}>
              Try again
            </Button>
          )}
          {action}
          {problem.traceId && (
            <span className="inline-flex items-center gap-1 text-caption text-soft">
              Trace <CopyText text={problem.traceId} label="Copy trace id" />
            </span>
          )}
        </div>
      </div>
    </div>
  )
}
