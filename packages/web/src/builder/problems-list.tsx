import { findStep } from '@couplet/flow'
import { CircleAlert, CircleX } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { useBuilder, useDefinition } from './model/builder-context.ts'
import { stepTitle } from './model/step-words.ts'

/** Everything that is wrong or may be, each with the way to its field and the edit that mends it. */
export function ProblemsList({ onChosen }: { onChosen: () => void }) {
  const { store, problems, lookup, numbers } = useBuilder()
  const definition = useDefinition()
  if (problems.length === 0)
    return (
      <p className="text-dense text-soft">
        All required fields are filled, and every value fits its field. Publishing also checks the connections.
      </p>
    )
  return (
    <ul className="divide-y divide-line">
      {problems.map((problem, index) => {
        const step = problem.stepId === undefined ? undefined : findStep(definition, problem.stepId)?.step
        const { fix } = problem
        const Icon = problem.severity === 'error' ? CircleX : CircleAlert
        return (
          <li key={index} className="flex flex-wrap items-start gap-x-3 gap-y-2 py-3 text-dense first:pt-0">
            <Icon
              role="img"
              aria-label={problem.severity === 'error' ? 'Error' : 'Warning'}
              className={`mt-0.5 size-4 shrink-0 ${problem.severity === 'error' ? 'text-failed' : 'text-attention'}`}
            />
            <div className="min-w-0 flex-1 basis-52">
              <button
                type="button"
                data-list-item
                className="text-left font-medium hover:underline"
                onClick={() => {
                  store.select(problem.stepId ?? 'trigger')
                  onChosen()
                }}
              >
                {step ? `${numbers.get(step.id) ?? ''} ${stepTitle(step, lookup)}` : problem.path[0] === 'trigger' ? 'Trigger' : 'Flow'}
              </button>
              <p>{problem.message}</p>
              {problem.hint && <p className="text-soft">{problem.hint}</p>}
              <code className="text-caption text-faint">{problem.place}</code>
            </div>
            {fix && (
              <Button size="sm" onClick={() => store.edit(fix)}>
                Fix it
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
