import type { FlowDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { History, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { diffQuery, versionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton, SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { say } from '../../ui/toast.tsx'
import { Changes } from './changes.tsx'

/** Published versions, each with what it changed; an old one can be published again. */
export function Versions({ flow }: { flow: FlowDetail }) {
  const versions = useQuery(versionsQuery(flow.id))
  const [shown, setShown] = useState<number>()
  const [asked, setAsked] = useState<number>()
  const rollBack = useAct({
    run: (version: number) => api.flows.rollBack({ params: { flow: flow.id, version } }),
    stales: ['flows'],
    onDone: ({ version }, old) => {
      setAsked(undefined)
      say(`Version ${old} is published again as version ${version}`, 'The draft stays as it is.')
    },
  })
  if (versions.isPending) return <SkeletonRows rows={3} label="Loading versions" />
  if (versions.isError) return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
  if (versions.data.length === 0)
    return (
      <EmptyState icon={History} title="Not published yet">
        Each publication keeps a version here. Runs under way finish on the version they started with, and an old version can be published
        again at any time.
      </EmptyState>
    )
  return (
    <>
      <ol className="divide-y divide-line">
        {versions.data.map(({ version, note, publishedAt }, index) => {
          const previous = versions.data[index + 1]?.version
          return (
            <li key={version} className="py-3">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-dense">
                <span className="figures w-24 font-medium">Version {version}</span>
                <Time at={publishedAt} className="text-soft" />
                <span className="min-w-0 flex-1 basis-40">{note ?? <span className="text-faint">no note</span>}</span>
                {version === flow.version && <span className="text-caption text-soft">published now</span>}
                {previous !== undefined && (
                  <Button
                    size="sm"
                    variant="quiet"
                    aria-expanded={shown === version}
                    onClick={() => setShown(shown === version ? undefined : version)}
                  >
                    {shown === version ? 'Hide changes' : 'Show changes'}
                  </Button>
                )}
                {version !== flow.version && (
                  <Button needs="flows.publish" size="sm" icon={Undo2} onClick={() => setAsked(version)}>
                    Publish again
                  </Button>
                )}
              </div>
              {shown === version && previous !== undefined && (
                <div className="mt-3 rounded-md bg-panel p-3">
                  <VersionChanges flowId={flow.id} from={previous} to={version} />
                </div>
              )}
            </li>
          )
        })}
      </ol>
      <Dialog
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`Publish version ${asked} again?`}
        changes={flow.environment}
        text={`It becomes version ${(flow.version ?? 0) + 1} and takes the place of version ${flow.version}. Runs under way finish on the version they started with; your draft stays as it is.`}
        footer={
          <>
            <Button onClick={() => setAsked(undefined)}>Keep version {flow.version}</Button>
            <Button variant="primary" isBusy={rollBack.isPending} onClick={() => asked !== undefined && rollBack.mutate(asked)}>
              Publish version {asked} again
            </Button>
          </>
        }
      >
        {rollBack.isError && <ErrorState error={rollBack.error} />}
      </Dialog>
    </>
  )
}

function VersionChanges({ flowId, from, to }: { flowId: string; from: number; to: number }) {
  const diff = useQuery(diffQuery(flowId, from, to))
  if (diff.isPending) return <Skeleton className="h-12 w-full" />
  if (diff.isError) return <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />
  return <Changes changes={diff.data} />
}
