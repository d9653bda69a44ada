import type { FlowSummary } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { FileInput, FilePlus2, Plus, Workflow } from 'lucide-react'
import { EnvironmentSwitch, useEnvironment } from '../../shell/environment-switch.tsx'
import { Page } from '../../shell/page.tsx'
import { flowsQuery } from '../../server/queries.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { plural } from '../../words/times.ts'
import { FlowTable } from './flow-table.tsx'
import { NewFlow } from './new-flow.tsx'

const route = getRouteApi('/flows')

const fits = (flow: FlowSummary, asked: string): boolean =>
  asked === '' ||
  `${flow.name} ${flow.sentence} ${flow.connections.map(({ name }) => name).join(' ')}`.toLowerCase().includes(asked.toLowerCase())

export function FlowsScreen() {
  const { search = '', new: asked } = route.useSearch()
  const environment = useEnvironment()
  const navigate = useNavigate({ from: '/flows' })
  const flows = useQuery(flowsQuery)
  const open = (way: 'template' | 'blank' | 'file' | undefined) => void navigate({ search: (now) => ({ ...now, new: way }) })
  const shown = flows.data?.filter((flow) => (!environment || flow.environment === environment) && fits(flow, search)) ?? []
  return (
    <Page
      title="Flows"
      actions={
        <>
          <Button needs="flows.write" icon={FileInput} onClick={() => open('file')}>
            Import file
          </Button>
          <Button needs="flows.write" icon={Plus} onClick={() => open('blank')}>
            Blank flow
          </Button>
          <Button needs="flows.write" variant="primary" icon={FilePlus2} onClick={() => open('template')}>
            New from template
          </Button>
        </>
      }
      filters={
        <>
          <SearchBox
            label="Search flows"
            value={search}
            onText={(text) => void navigate({ search: (now) => ({ ...now, search: text || undefined }), replace: true })}
          />
          <EnvironmentSwitch />
          {flows.data && (
            <span className="text-dense text-soft">
              {shown.length === flows.data.length
                ? plural(shown.length, 'flow')
                : `${shown.length} of ${plural(flows.data.length, 'flow')}`}
            </span>
          )}
        </>
      }
    >
      {flows.isPending ? (
        <SkeletonRows label="Loading flows" />
      ) : flows.isError ? (
        <ErrorState error={flows.error} onRetry={() => void flows.refetch()} />
      ) : flows.data.length === 0 ? (
        <EmptyState
          icon={Workflow}
          title="No flows yet"
          action={
            <Button needs="flows.write" variant="primary" icon={FilePlus2} onClick={() => open('template')}>
              Choose a template
            </Button>
          }
        >
          A flow starts when something happens at one vendor and does something at another: a tag is renamed in HighLevel, the flipbook in
          Heyzine follows. Templates have their fields mapped already and run in the sandbox at once.
        </EmptyState>
      ) : shown.length === 0 ? (
        <p className="py-6 text-body text-soft">No flow fits the filters. Clear the search or choose all environments.</p>
      ) : (
        <FlowTable flows={shown} />
      )}
      <NewFlow way={asked} onClose={() => open(undefined)} />
    </Page>
  )
}
