import { CircleAlert, CircleCheck } from 'lucide-react'
import { ErrorState } from '../../ui/error-state.tsx'
import { durationWords } from '../../words/times.ts'

type Result = { works: boolean; ok: readonly string[]; warnings: readonly string[]; fault: unknown; tookMs?: number }

/** What the vendor said: line by line what works, what may not, or why it refused. */
export function TestResult({ result }: { result: Result }) {
  if (!result.works) return <ErrorState error={result.fault} title="The vendor refused the connection" />
  return (
    <ul aria-label="Result of the test" className="grid gap-1.5 text-dense">
      {result.ok.map((line) => (
        <li key={line} className="flex gap-2">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-done" />
          {line}
        </li>
      ))}
      {result.warnings.map((line) => (
        <li key={line} className="flex gap-2">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-attention" />
          {line}
        </li>
      ))}
      {result.tookMs !== undefined && <li className="text-caption text-soft">Answered in {durationWords(result.tookMs)}.</li>}
    </ul>
  )
}
