import type { FlowDetail } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { diffQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { say } from '../../ui/toast.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { Checks } from './checks.tsx'
import { Changes } from './changes.tsx'

/** Left what changes, right whether it may: one primary button. */
export function PublishDialog({ flow, isOpen, onClose }: { flow: FlowDetail; isOpen: boolean; onClose: () => void }) {
  const next = (flow.version ?? 0) + 1
  const [note, setNote] = useState('')
  const check = useQuery({
    queryKey: ['flows', flow.id, 'check', flow.draftRevision, flow.bindings],
    queryFn: ({ signal }) => api.flows.check({ params: { flow: flow.id }, body: {}, signal }),
    enabled: isOpen,
  })
  const review = useQuery({
    queryKey: ['flows', flow.id, 'review', flow.draftRevision, flow.bindings],
    queryFn: ({ signal }) => api.flows.review({ params: { flow: flow.id }, signal }),
    enabled: isOpen,
  })
  const publish = useAct({
    run: () => api.flows.publish({ params: { flow: flow.id }, body: note.trim() === '' ? {} : { note } }),
    stales: ['flows'],
    onDone: ({ version }) => {
      onClose()
      say(
        `Version ${version} is published`,
        flow.environment === 'live' ? 'The flow is on, with live accounts.' : 'The flow is on, in the sandbox.',
      )
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="lg"
      title={`Review and publish version ${next}`}
      changes={flow.environment}
      text={flow.sentence}
      footer={
        <>
          <Link to="/flows/$flowId/edit" params={{ flowId: flow.id }} className={buttonClass()}>
            Edit the draft
          </Link>
          <Button
            needs="flows.publish"
            variant="primary"
            isBusy={publish.isPending}
            disabled={check.data?.isPublishable !== true}
            onClick={() => publish.mutate()}
          >
            Publish version {next} to {flow.environment === 'live' ? 'live' : 'the sandbox'}
          </Button>
        </>
      }
    >
      <div className="grid gap-8 md:grid-cols-2">
        <section>
          <h3 className="mb-2 text-dense font-semibold">
            {flow.version === null ? 'What will run' : `Changes since version ${flow.version}`}
          </h3>
          {flow.version === null ? (
            <p className="text-dense text-soft">This is the first version: there is nothing to compare with.</p>
          ) : (
            <DraftChanges flowId={flow.id} />
          )}
          <div className="mt-6">
            <Field label="Note for the version list" hint="Why this change, for whoever reads the list in a year.">
              <TextInput value={note} onText={setNote} placeholder="Adds the campaign to the tags" />
            </Field>
          </div>
        </section>
        <section>
          <h3 className="mb-2 text-dense font-semibold">Checks</h3>
          {check.isPending ? (
            <Skeleton className="h-24 w-full" />
          ) : check.isError ? (
            <ErrorState error={check.error} onRetry={() => void check.refetch()} />
          ) : (
            <Checks flow={flow} problems={check.data.problems} review={review.data} />
          )}
          {review.isError && <ErrorState error={review.error} onRetry={() => void review.refetch()} />}
          {publish.isError && (
            <div className="mt-4">
              <ErrorState error={publish.error} />
            </div>
          )}
        </section>
      </div>
    </Dialog>
  )
}

function DraftChanges({ flowId }: { flowId: string }) {
  const diff = useQuery({ ...diffQuery(flowId), staleTime: 0 })
  if (diff.isPending) return <Skeleton className="h-20 w-full" />
  if (diff.isError) return <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />
  return <Changes changes={diff.data} />
}
