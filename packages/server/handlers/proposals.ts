import { asId, type Fault, userFault } from '@couplet/core'
import { checkFlow, loadFlow, publishFlow } from '@couplet/engine'
import type { Proposal } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso, isoOrNull } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { flowIdOf, notFound } from './ids.ts'

const notOpen = (proposal: Proposal): Fault =>
  userFault({
    code: 'proposal.not_open',
    message: `This proposal was ${proposal.state} already${proposal.decidedBy === null ? '' : ` by ${proposal.decidedBy}`}.`,
    hint: 'Load the list again.',
  })

export function proposalHandlers(parts: ServerParts): Handlers['proposals'] {
  const { engine } = parts
  const { store } = engine
  const find = async (context: RequestContext, text: string): Promise<Proposal> => {
    const id = asId('prp', text)
    const proposal = id && (await store.proposals.find(workspaceOf(context), id))
    if (!proposal) throw notFound('proposal', text)
    return proposal
  }
  const findOpen = async (context: RequestContext, text: string): Promise<Proposal> => {
    const proposal = await find(context, text)
    if (proposal.state !== 'open') throw notOpen(proposal)
    return proposal
  }

  return {
    list: async ({ query, context }) => ({
      proposals: (await store.proposals.list(workspaceOf(context), query.state)).map(
        ({ revision, revisionNow, proposedAt, decidedAt, ...proposal }) => ({
          ...proposal,
          proposedAt: iso(proposedAt),
          decidedAt: isoOrNull(decidedAt),
          isAsProposed: revision === revisionNow,
        }),
      ),
    }),
    propose: async ({ params, body, context }) => {
      const flow = await loadFlow(engine, workspaceOf(context), flowIdOf(params.flow))
      const { problems, isPublishable } = await checkFlow(engine, flow)
      if (!isPublishable)
        throw userFault({
          code: 'flow.not_publishable',
          message: `"${flow.name}" cannot be proposed: ${problems
            .filter(({ severity }) => severity === 'error')
            .map(({ place, message }) => `${place}: ${message}`)
            .join(' · ')}`,
          hint: 'Mend these problems first, then propose it again.',
        })
      const proposal = await store.proposals.open(workspaceOf(context), {
        flowId: flow.id,
        revision: flow.draftRevision,
        note: body.note,
        by: context.actor,
      })
      return { proposal }
    },
    approve: async ({ params, context }) => {
      const proposal = await findOpen(context, params.proposal)
      if (proposal.revision !== proposal.revisionNow)
        throw userFault({
          code: 'proposal.changed',
          message: `The draft of "${proposal.flowName}" was changed after it was proposed.`,
          hint: 'Look at the flow and publish it from there, or let it be proposed again.',
        })
      const { version } = await publishFlow(
        engine,
        workspaceOf(context),
        proposal.flowId,
        `${proposal.note} (proposed by ${proposal.proposedBy})`,
      )
      await store.proposals.decide(proposal.id, { state: 'approved', by: context.actor })
      return { version }
    },
    decline: async ({ params, body, context }) => {
      const proposal = await findOpen(context, params.proposal)
      if (!(await store.proposals.decide(proposal.id, { state: 'declined', by: context.actor, reason: body.reason })))
        throw notOpen(await find(context, params.proposal))
      return { ok: true }
    },
  }
}
