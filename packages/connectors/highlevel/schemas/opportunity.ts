import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText } from './lenient.ts'

const text = (title: string) => z.string().optional().meta({ title })

/** What the webhook and the search of opportunities both tell (CONFIRMED). */
export const Opportunity = z
  .object({
    id: z.string().meta({ title: 'Opportunity id' }),
    name: text('Name'),
    contactId: text('Contact id'),
    pipelineId: text('Pipeline id'),
    pipelineStageId: text('Stage id'),
    status: text('Status'),
    value: z.number().optional().meta({ title: 'Value' }),
    source: text('Source'),
    assignedTo: text('Owner (user id)'),
    createdAt: text('Created at'),
  })
  .meta({ title: 'Opportunity' })
export type Opportunity = z.output<typeof Opportunity>

/** An opportunity as HighLevel sends it: the time of creation is `dateAdded` in webhooks and `createdAt` in searches (CONFIRMED). */
export const OpportunityReply = z
  .looseObject({
    id: z.string(),
    name: maybeText,
    contactId: maybeText,
    pipelineId: maybeText,
    pipelineStageId: maybeText,
    status: maybeText,
    monetaryValue: maybeNumber,
    source: maybeText,
    assignedTo: maybeText,
    dateAdded: maybeText,
    createdAt: maybeText,
  })
  .transform((item): Opportunity => ({
    id: item.id,
    name: item.name,
    contactId: item.contactId,
    pipelineId: item.pipelineId,
    pipelineStageId: item.pipelineStageId,
    status: item.status,
    value: item.monetaryValue,
    source: item.source,
    assignedTo: item.assignedTo,
    createdAt: item.createdAt ?? item.dateAdded,
  }))

export const OpportunitiesReply = z.looseObject({
  opportunities: listOf(OpportunityReply),
  meta: maybe(z.looseObject({ startAfter: maybeNumber, startAfterId: maybeText })),
})

export const opportunitySample: Opportunity = {
  id: 'OppRowanInstall00001',
  name: 'Rowan Bakery roof',
  contactId: 'CntAliceRowan0000001',
  pipelineId: 'PipInstallations0001',
  pipelineStageId: '5f1c0000-0000-4000-8000-000000000001',
  status: 'open',
  value: 6400,
  source: 'referral',
  assignedTo: 'UsrDanaWhitlock00001',
  createdAt: '2026-03-02T08:15:00.000Z',
}
