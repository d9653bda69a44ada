import type { ProposalView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { useState } from 'react'
import { Section } from '../../shell/page.tsx'
import { api } from '../../server/client.ts'
import { proposalsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { Time } from '../../ui/time.tsx'
import { say } from '../../ui/toast.tsx'

/** Drafts that an agent or a colleague put before somebody who may publish. Nothing of them runs before that. */
export function Proposals() {
  const proposals = useQuery(proposalsQuery('open'))
  if (proposals.isError) return <ErrorState error={proposals.error} onRetry={() => void proposals.refetch()} />
  if (!proposals.data || proposals.data.length === 0) return null
  return (
    <Section title="Proposed flows" className="mb-8">
      <ul className="divide-y divide-line">
        {proposals.data.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </Section>
  )
}

function Proposal({ proposal }: { proposal: ProposalView }) {
  const [reason, setReason] = useState<string>()
  const params = { proposal: proposal.id }
  const approve = useAct({
    run: () => api.proposals.approve({ params }),
    stales: ['proposals', 'flows'],
    onDone: ({ version }) => say(`“${proposal.flowName}” is published as version ${version}`),
  })
  const decline = useAct({
    run: (because: string) => api.proposals.decline({ params, body: { reason: because } }),
    stales: ['proposals'],
    onDone: () => setReason(undefined),
  })
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-4 first:pt-0">
      <Bot aria-hidden className="mt-0.5 size-4 shrink-0 text-icon" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 basis-80">
        <h3 className="font-medium">
          <Link to="/flows/$flowId" params={{ flowId: proposal.flowId }} className="hover:underline">
            {proposal.flowName}
          </Link>
        </h3>
        <p className="mt-0.5 max-w-[72ch] text-dense whitespace-pre-line text-soft">{proposal.note}</p>
        <p className="mt-1 text-caption text-soft">
          Proposed by {proposal.proposedBy} <Time at={proposal.proposedAt} relative />
        </p>
        {!proposal.isAsProposed && (
          <p className="mt-1 text-dense text-attention">The draft was changed since. Look at it, and publish it from its own page.</p>
        )}
        {approve.isError && <ErrorState error={approve.error} />}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <LiveBadge environment={proposal.environment} />
        <Link to="/flows/$flowId/edit" params={{ flowId: proposal.flowId }} className={buttonClass()}>
          Look at it
        </Link>
        <Button needs="flows.publish" onClick={() => setReason('')}>
          Decline
        </Button>
        <Button
          needs="flows.publish"
          variant="primary"
          disabled={!proposal.isAsProposed}
          isBusy={approve.isPending}
          onClick={() => approve.mutate()}
        >
          Approve and publish
        </Button>
      </div>
      <Dialog
        isOpen={reason !== undefined}
        onClose={() => setReason(undefined)}
        title={`Decline “${proposal.flowName}”?`}
        text="The draft stays as it is. Whoever proposed it sees the reason."
        footer={
          <>
            <Button onClick={() => setReason(undefined)}>Cancel</Button>
            <Button
              variant="primary"
              disabled={(reason ?? '').trim() === ''}
              isBusy={decline.isPending}
              onClick={() => decline.mutate(reason ?? '')}
            >
              Decline proposal
            </Button>
          </>
        }
      >
        <Field label="Reason">
          <TextInput value={reason ?? ''} onText={setReason} maxLength={1_000} placeholder="Use the location of the main branch instead" />
        </Field>
        {decline.isError && <ErrorState error={decline.error} />}
      </Dialog>
    </li>
  )
}
