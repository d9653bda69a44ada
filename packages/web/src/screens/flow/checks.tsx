import type { FlowDetail } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react'

type FlowProblem = FlowDetail['problems'][number]

/** Which question a problem belongs to, by the family of its code. */
const GROUPS: readonly { title: string; good: string; holds: (code: string) => boolean }[] = [
  {
    title: 'Steps and fields',
    good: 'Every required field is filled and every type fits.',
    holds: (code) => !/^(connection|binding|scope|quota)\./.test(code),
  },
  { title: 'Connections', good: 'Every slot has a connection that is ready.', holds: (code) => /^(connection|binding)\./.test(code) },
  { title: 'Permissions and quota', good: 'No missing permission is known.', holds: (code) => /^(scope|quota)\./.test(code) },
]

/** Each check with its answer; what is wrong links to its field. */
export function Checks({ flow, problems }: { flow: FlowDetail; problems: readonly FlowProblem[] }) {
  return (
    <ul className="grid gap-4">
      {GROUPS.map((group) => {
        const found = problems.filter(({ code }) => group.holds(code))
        const isBad = found.some(({ severity }) => severity === 'error')
        const Icon = isBad ? CircleX : found.length > 0 ? CircleAlert : CircleCheck
        const tone = isBad ? 'text-failed' : found.length > 0 ? 'text-attention' : 'text-done'
        return (
          <li key={group.title} className="flex gap-2 text-dense">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {group.title}
                {found.length > 0 && <span className={`font-normal ${tone}`}>: {isBad ? 'has to be put right' : 'please look'}</span>}
              </p>
              {found.length === 0 ? <p className="text-soft">{group.good}</p> : <ProblemLinks flow={flow} problems={found} />}
            </div>
          </li>
        )
      })}
    </ul>
  )
}

export function ProblemLinks({ flow, problems }: { flow: FlowDetail; problems: readonly FlowProblem[] }) {
  return (
    <ul className="mt-1 grid gap-2">
      {problems.map((problem, index) => (
        <li key={index}>
          <Link
            to="/flows/$flowId/edit"
            params={{ flowId: flow.id }}
            search={{ step: problem.stepId ?? 'trigger' }}
            className="underline decoration-line-strong underline-offset-2 hover:decoration-ink"
          >
            {problem.message}
          </Link>
          {problem.hint && <span className="block text-soft">{problem.hint}</span>}
        </li>
      ))}
    </ul>
  )
}
