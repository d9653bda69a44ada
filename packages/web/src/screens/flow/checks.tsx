import type { FlowDetail, FlowReview } from '@couplet/api'
import { findStep, stepNumbers, stepTitle, validateDefinition } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { operationsQuery } from '../../server/queries.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { plural } from '../../words/times.ts'
import { CheckLine, DryRun, QuotaForecast } from './review-parts.tsx'

type FlowProblem = FlowDetail['problems'][number]

/** Which question a problem belongs to, by the family of its code. */
const GROUPS: readonly { title: string; good: string; holds: (code: string) => boolean }[] = [
  {
    title: 'Steps and fields',
    good: 'Every required field is filled and every type fits.',
    holds: (code) => !/^(connection|binding|scope|quota)\./.test(code),
  },
  { title: 'Connections', good: 'Every slot has a connection that is ready.', holds: (code) => /^(connection|binding)\./.test(code) },
  { title: 'Permissions', good: 'No missing permission is known.', holds: (code) => /^(scope|quota)\./.test(code) },
]

/** Each check with its answer; what is wrong links to its field. */
export function Checks({
  flow,
  problems,
  review,
}: {
  flow: FlowDetail
  problems: readonly FlowProblem[]
  /** Absent while it is worked out. */
  review: FlowReview | undefined
}) {
  return (
    <ul className="grid gap-4">
      <ProblemGroups flow={flow} problems={problems} />
      {review ? (
        <>
          <QuotaForecast review={review} />
          <DryRun review={review} />
        </>
      ) : (
        <Skeleton className="h-16 w-full" />
      )}
    </ul>
  )
}

/** The questions of the definition and its accounts, as lines of a list. */
export function ProblemGroups({ flow, problems }: { flow: FlowDetail; problems: readonly FlowProblem[] }) {
  return GROUPS.map((group) => {
    const found = problems.filter(({ code }) => group.holds(code))
    const isBad = found.some(({ severity }) => severity === 'error')
    return (
      <CheckLine key={group.title} title={group.title} verdict={isBad ? 'bad' : found.length > 0 ? 'attention' : 'good'}>
        {found.length === 0 ? <p className="text-soft">{group.good}</p> : <ProblemLinks flow={flow} problems={found} />}
      </CheckLine>
    )
  })
}

const SHOWN_AT_FIRST = 3

/** What is wrong, each with its step and the way to it; errors first, and of many the first. */
export function ProblemLinks({ flow, problems }: { flow: FlowDetail; problems: readonly FlowProblem[] }) {
  const sorted = [...problems].toSorted((left, right) => Number(right.severity === 'error') - Number(left.severity === 'error'))
  const rest = sorted.slice(SHOWN_AT_FIRST)
  return (
    <>
      <LinkList flow={flow} problems={sorted.slice(0, SHOWN_AT_FIRST)} />
      {rest.length > 0 && (
        <Disclosure title={plural(rest.length, 'more', 'more')}>
          <LinkList flow={flow} problems={rest} />
        </Disclosure>
      )}
    </>
  )
}

function LinkList({ flow, problems }: { flow: FlowDetail; problems: readonly FlowProblem[] }) {
  const titleOf = useStepTitles(flow)
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
            {problem.stepId !== undefined && <span className="font-medium">{titleOf(problem.stepId)}: </span>}
            {problem.message}
          </Link>
          {problem.hint && <span className="block text-soft">{problem.hint}</span>}
        </li>
      ))}
    </ul>
  )
}

/** `3.5.1 Set the flipbook's tags`, by step id. */
function useStepTitles(flow: FlowDetail): (stepId: string) => string {
  const operations = useQuery(operationsQuery)
  return useMemo(() => {
    const { definition } = validateDefinition(flow.draft, () => undefined)
    const numbers = definition ? stepNumbers(definition) : undefined
    return (stepId) => {
      const step = definition && findStep(definition, stepId)?.step
      if (!step) return stepId
      const operation = step.kind === 'action' ? operations.data?.find(({ id }) => id === step.operation)?.title : undefined
      return `${numbers?.get(stepId) ?? ''} ${stepTitle(step, operation)}`.trim()
    }
  }, [flow.draft, operations.data])
}
