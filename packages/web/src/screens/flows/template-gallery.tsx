import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../server/client.ts'
import { templatesQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { TemplateInside } from './template-inside.tsx'

type TemplateView = Awaited<ReturnType<typeof api.templates.list>>['templates'][number]

/** Templates with what they do in one sentence, and what the vendors do not allow. `limit` shows the first few of those that can be tried at once. */
export function TemplateGallery({ limit }: { limit?: number }) {
  const navigate = useNavigate()
  const templates = useQuery(templatesQuery)
  const use = useAct({
    run: (template: string) => api.templates.instantiate({ params: { template }, body: {} }),
    stales: ['flows', 'tables'],
    onDone: (flow) => void navigate({ to: '/flows/$flowId/edit', params: { flowId: flow.id } }),
  })
  const Heading = limit === undefined ? 'h4' : 'h3'
  if (templates.isPending) return <SkeletonRows rows={3} label="Loading templates" />
  if (templates.isError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
  const list = (shown: typeof templates.data) => (
    <ul className="divide-y divide-line">
      {shown.map((template) => (
        <li key={template.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-4 first:pt-0">
          <span className="mt-0.5 flex w-14 -space-x-1.5">
            {template.connectors.slice(0, 2).map((connector) => (
              <VendorTile key={connector} connector={connector} isNamed />
            ))}
          </span>
          <div className="min-w-0 flex-1 basis-64">
            <Heading className="font-medium">{template.title}</Heading>
            <p className="max-w-[68ch] text-dense text-soft">{template.sentence}</p>
            {limit === undefined && <Details template={template} />}
          </div>
          <Button
            needs="flows.write"
            data-list-item
            isBusy={use.isPending && use.variables === template.id}
            disabled={use.isPending}
            onClick={() => use.mutate(template.id)}
            aria-label={`Use template ${template.title}`}
          >
            Use template
          </Button>
        </li>
      ))}
    </ul>
  )
  return (
    <>
      {use.isError && <ErrorState error={use.error} />}
      {limit === undefined
        ? [...new Set(templates.data.map(({ topic }) => topic))].map((topic) => (
            <section key={topic} className="mt-6 first:mt-0">
              <h3 className="mb-2 text-dense font-semibold text-soft">{topic}</h3>
              {list(templates.data.filter((template) => template.topic === topic))}
            </section>
          ))
        : list(templates.data.filter(({ isTryable }) => isTryable).slice(0, limit))}
    </>
  )
}

/** What one asks before one decides: limits, the flow itself, what comes with it. */
function Details({ template }: { template: TemplateView }) {
  return (
    <>
      {template.cannot.length > 0 && (
        <Disclosure title={`What it cannot do (${template.cannot.length})`}>
          <ul className="list-disc space-y-1 pl-5 text-dense text-soft">
            {template.cannot.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Disclosure>
      )}
      <Disclosure title="Map and mappings">
        <TemplateInside template={template.id} />
      </Disclosure>
      {template.tables.length > 0 && (
        <p className="text-caption text-soft">
          Brings {plural(template.tables.length, 'lookup table')}: {template.tables.map(({ name }) => name).join(', ')}
        </p>
      )}
    </>
  )
}
