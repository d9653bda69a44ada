import type { FlowDetail } from '@couplet/api'
import { type FlowDefinition, validateDefinition } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Page } from '../shell/page.tsx'
import { flowQuery } from '../server/queries.ts'
import { buttonClass } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Builder } from './builder.tsx'

const route = getRouteApi('/flows/$flowId/edit')

export function BuilderScreen() {
  const { flowId } = route.useParams()
  // The draft is edited here: a reload under the hands of the person would take away what they type.
  const flow = useQuery({ ...flowQuery(flowId), refetchOnWindowFocus: false, structuralSharing: true })
  const read = useMemo(() => (flow.data ? validateDefinition(flow.data.draft, () => undefined) : undefined), [flow.data])
  if (flow.isPending)
    return (
      <Page title="Builder">
        <SkeletonRows rows={6} label="Loading the flow" />
      </Page>
    )
  if (flow.isError)
    return (
      <Page title="Builder">
        <ErrorState error={flow.error} onRetry={() => void flow.refetch()} />
      </Page>
    )
  const { definition, problems = [] } = read ?? {}
  return definition ? (
    <Builder key={flowId} flow={flow.data} definition={definition} />
  ) : (
    <NotReadable flow={flow.data} problems={problems} />
  )
}

/** A draft whose form is wrong (written by hand and imported): it can only be mended as a file. */
function NotReadable({ flow, problems }: { flow: FlowDetail; problems: readonly { message: string; place: string; hint?: string }[] }) {
  return (
    <Page title={flow.name} lead="The builder cannot show this draft, because the form of its file is not right.">
      <ul className="grid max-w-3xl gap-2 text-dense">
        {problems.map((problem, index) => (
          <li key={index}>
            <code className="text-caption">{problem.place}</code> {problem.message} <span className="text-soft">{problem.hint}</span>
          </li>
        ))}
      </ul>
      <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={buttonClass({ variant: 'primary' })}>
        Open the flow to import a corrected file
      </Link>
    </Page>
  )
}

export type BuilderProps = { flow: FlowDetail; definition: FlowDefinition }
