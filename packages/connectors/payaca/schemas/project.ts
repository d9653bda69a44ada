import { z } from 'zod'
import { Address, AddressInput, AddressReply, toAddress } from './address.ts'
import { CustomValues, toCustomValues, listedKeys } from './custom-values.ts'
import { objectOf } from './rows.ts'

const Titled = z.looseObject({ id: z.string().nullish(), title: z.string().nullish() }).nullish()
const text = z.string().nullish().catch(undefined)

/** A project as Payaca answers it. */
export const ProjectReply = z.looseObject({
  id: z.string().min(1),
  reference: text,
  pipeline: Titled,
  pipelineStage: Titled,
  customer: z.looseObject({ id: z.string().optional(), name: text }).nullish(),
  tags: z.array(z.string()).nullish(),
  assignedTo: z.looseObject({ fullName: text, email: text }).nullish(),
  siteAddress: AddressReply.nullish(),
  customFields: z.record(z.string(), z.unknown()).nullish(),
})
export type ProjectReply = z.output<typeof ProjectReply>

/**
 * One documented answer puts the project under the key `customer`; a bare project has a `customer` member of its own. A `pipeline` or
 * `reference` beside it tells the two apart.
 */
const projectIn = (body: unknown): Record<string, unknown> => {
  const outer = objectOf(body, 'project')
  return 'pipeline' in outer || 'pipelineStage' in outer || 'reference' in outer ? outer : objectOf(outer, 'customer')
}
export const ProjectAnswer = z.unknown().transform(projectIn).pipe(ProjectReply)

export const Project = z
  .object({
    id: z.string().meta({ title: 'Project id' }),
    reference: z.string().meta({ title: 'Reference' }),
    pipeline: z.string().meta({ title: 'Pipeline' }),
    pipelineStage: z.string().meta({ title: 'Stage' }),
    customer: z
      .object({ id: z.string().meta({ title: 'Customer id' }), name: z.string().meta({ title: 'Customer name' }) })
      .optional()
      .meta({ title: 'Customer' }),
    tags: z.array(z.string()).meta({ title: 'Tags' }),
    assignedTo: z
      .object({ fullName: z.string().meta({ title: 'Name' }), email: z.string().meta({ title: 'E-mail' }) })
      .optional()
      .meta({ title: 'Assigned to' }),
    siteAddress: Address.optional().meta({ title: 'Site address' }),
    customFields: CustomValues,
  })
  .meta({ title: 'Project' })
export type Project = z.output<typeof Project>

export const toProject = (reply: ProjectReply): Project => ({
  id: reply.id,
  reference: reply.reference ?? '',
  pipeline: reply.pipeline?.title ?? '',
  pipelineStage: reply.pipelineStage?.title ?? '',
  customer: reply.customer?.id === undefined ? undefined : { id: reply.customer.id, name: reply.customer.name ?? '' },
  tags: reply.tags ?? [],
  assignedTo: reply.assignedTo ? { fullName: reply.assignedTo.fullName ?? '', email: reply.assignedTo.email ?? '' } : undefined,
  siteAddress: reply.siteAddress ? toAddress(reply.siteAddress) : undefined,
  customFields: toCustomValues(reply.customFields),
})

/** What create and update share. Pipelines cannot be listed, so they are named in free text. */
export const projectFields = {
  reference: z.string().min(1).optional().meta({ title: 'Reference' }),
  siteAddress: AddressInput.optional().meta({ title: 'Site address' }),
  tags: z.array(z.string()).optional().meta({ title: 'Tags', description: 'By name. Names are cut at 30 characters.' }),
  pipeline: z.string().min(1).optional().meta({ title: 'Pipeline', description: 'Its title, exactly as in Payaca.' }),
  pipelineStage: z.string().min(1).optional().meta({ title: 'Stage', description: 'Its title. Needs the pipeline too.' }),
  assignTo: z.email().optional().meta({ title: 'Assign to', description: 'E-mail of a Payaca user.' }),
  customFields: CustomValues.optional().meta({ title: 'Custom fields', ...listedKeys('project') }),
}

const Fields = z.object(projectFields)

export const projectBody = (input: Partial<z.output<typeof Fields>>, tags: readonly string[] | undefined) => ({
  reference: input.reference,
  siteAddress: input.siteAddress,
  tags,
  pipeline: input.pipeline === undefined ? undefined : { title: input.pipeline },
  pipelineStage: input.pipelineStage === undefined ? undefined : { title: input.pipelineStage },
  assignTo: input.assignTo === undefined ? undefined : { email: input.assignTo },
  customFields: input.customFields,
})

/** Payaca wants the pipeline beside a stage (CONFIRMED). */
export const stageHasPipeline = (input: { pipeline?: string | undefined; pipelineStage?: string | undefined }): boolean =>
  input.pipelineStage === undefined || input.pipeline !== undefined

export const sampleProject = {
  id: 'p1',
  reference: 'R-7',
  pipeline: 'Install',
  pipelineStage: 'Survey',
  customer: { id: 'c1', name: 'Green Homes Ltd' },
  tags: ['Solar'],
  assignedTo: { fullName: 'Jo Park', email: 'jo@example.com' },
  siteAddress: { line1: '1 High St', line2: '', city: 'Leeds', postcode: 'LS1 1AA', country: 'United Kingdom', isBillingAddress: false },
  customFields: {},
} satisfies z.input<typeof Project>
