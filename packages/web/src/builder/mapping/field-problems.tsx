import type { Problem } from '@couplet/flow'
import { CircleAlert, CircleX } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { useBuilder } from '../model/builder-context.ts'

/** What is wrong with a field, each with the edit that mends it where there is one. */
export function FieldProblems({ problems }: { problems: readonly Problem[] }) {
  const { store } = useBuilder()
  if (problems.length === 0) return null
  return (
    <ul className="mt-1.5 grid gap-1">
      {problems.map((problem, index) => {
        const { fix } = problem
        const Icon = problem.severity === 'error' ? CircleX : CircleAlert
        return (
          <li
            key={index}
            className={cx(
              'flex flex-wrap items-start gap-x-2 gap-y-1 rounded-md px-2 py-1.5 text-caption',
              problem.severity === 'error' ? 'bg-failed-soft text-failed' : 'bg-attention-soft text-attention',
            )}
          >
            <Icon aria-hidden className="mt-px size-3.5 shrink-0" />
            <span className="min-w-0 flex-1 basis-40">
              {problem.message} {problem.hint && <span className="text-ink">{problem.hint}</span>}
            </span>
            {fix && (
              <Button size="sm" onClick={() => store.edit(fix)}>
                {/empty/.test(problem.code) ? 'Use a fallback' : 'Fix it'}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
