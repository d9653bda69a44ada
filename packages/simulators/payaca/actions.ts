import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { updatedValues } from './custom-fields.ts'
import { customerById } from './customers.ts'
import { announceMove, projectBody, projectById, stageChangedPayload } from './projects.ts'
import { nextId, type PayacaContext, type PayacaState, type Project, WEBHOOK_EVENTS, type WebhookEvent } from './state.ts'
import { withoutTags, withTags } from './tags.ts'
import { announce, sendDueWebhooks } from './webhooks.ts'

const CustomerTag = z.object({ customerId: z.string(), tag: z.string().min(1).max(30) })
const LATE_MS = 10 * 60_000
const REORDERED_MS = 1_000

function moveTo(state: PayacaState, project: Project, stageName: string): void {
  const pipeline = state.pipelines.find(({ id }) => id === project.pipelineId)
  const stage = pipeline?.stages.find(({ id, title }) => id === stageName || title === stageName)
  if (!stage) throw new Error(`The stage is one of ${pipeline?.stages.map(({ title }) => title).join(', ')}.`)
  project.stageId = stage.id
}

/** Payload members other than `project` are ASSUMED: the reference shows the project event only. */
function payloadOf(context: PayacaContext, event: WebhookEvent, project: Project): object {
  const now = new Date(context.clock.now())
  const body = projectBody(context, project)
  const payloads = {
    'project.pipelineStageChanged': () => stageChangedPayload(context, project),
    'invoice.fullyPaid': () => ({
      invoice: { id: nextId(context.state, 'i'), reference: `INV-${project.id}`, paidAt: now.toISOString(), project: body },
    }),
    'scheduledEvent.created': () => ({
      scheduledEvent: { id: nextId(context.state, 'e'), type: 'booking', startsAt: now.toISOString(), project: body },
    }),
  } satisfies Record<WebhookEvent, () => object>
  return payloads[event]()
}

/** What a person does in Payaca's web app. Tags and custom fields changed there fire no event (none is known). */
export function payacaActions(context: PayacaContext): Record<string, ControlAction> {
  const { state } = context
  const action = <Schema extends z.ZodType>(title: string, schema: Schema, run: (input: z.output<Schema>) => unknown): ControlAction => ({
    title,
    run: (input) => {
      const parsed = schema.safeParse(input)
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
      const result = run(parsed.data)
      sendDueWebhooks(context)
      return result
    },
  })
  const projectOf = (id: string | undefined): Project => {
    const project = id === undefined ? state.projects[0] : projectById(state, id)
    if (!project) throw new Error('There is no project.')
    return project
  }
  const ProjectChoice = z.object({ projectId: z.string().optional() })
  const fire = (event: WebhookEvent) => (input: z.output<typeof ProjectChoice>) => {
    const payload = payloadOf(context, event, projectOf(input.projectId))
    announce(context, event, payload)
    return payload
  }

  return {
    'create-webhook': action(
      'Create a webhook with a secret of your choice',
      z.object({
        name: z.string().min(1),
        url: z.url(),
        events: z
          .array(z.enum(WEBHOOK_EVENTS))
          .min(1)
          .default([...WEBHOOK_EVENTS]),
        secret: z.string().min(1),
      }),
      (input) => {
        const webhook = { id: nextId(state, 'w'), ...input, createdAt: context.clock.now() }
        state.webhooks.push(webhook)
        // The secret cannot be read back (CONFIRMED).
        return { id: webhook.id, name: webhook.name, url: webhook.url, events: webhook.events }
      },
    ),
    'delete-webhook': action('Delete a webhook', z.object({ id: z.string() }), ({ id }) => {
      state.webhooks = state.webhooks.filter((webhook) => webhook.id !== id)
      return { id }
    }),
    'move-project': action(
      'Move a project to another pipeline stage',
      z.object({ projectId: z.string(), stage: z.string() }),
      ({ projectId, stage }) => {
        const project = projectOf(projectId)
        const before = project.stageId
        moveTo(state, project, stage)
        if (project.stageId !== before) announceMove(context, project)
        return projectBody(context, project)
      },
    ),
    'pay-invoice': action('Mark the invoice of a project as fully paid', ProjectChoice, fire('invoice.fullyPaid')),
    'schedule-event': action('Book an event for a project', ProjectChoice, fire('scheduledEvent.created')),
    'add-customer-tag': action('Add a tag to a customer (fires no event)', CustomerTag, ({ customerId, tag }) => {
      const customer = customerById(state, customerId)
      customer.tags = withTags(context, customer.tags, [tag])
      return { tags: customer.tags }
    }),
    'remove-customer-tag': action('Remove a tag from a customer (fires no event)', CustomerTag, ({ customerId, tag }) => {
      const customer = customerById(state, customerId)
      customer.tags = withoutTags(context, customer.tags, [tag])
      return { tags: customer.tags }
    }),
    'edit-customer-field': action(
      'Edit a custom field of a customer (fires no event)',
      z.object({ customerId: z.string(), identifier: z.string(), value: z.unknown() }),
      ({ customerId, identifier, value }) => {
        const customer = customerById(state, customerId)
        const updated = updatedValues(context, 'customer', customer.customFields, { [identifier]: value ?? null })
        customer.customFields = { ...customer.customFields, ...updated }
        return { customFields: customer.customFields }
      },
    ),
    'fire-webhook': action(
      'Fire a webhook: once, duplicate, late, reordered (the newer event first) or forged',
      ProjectChoice.extend({
        event: z.enum(WEBHOOK_EVENTS).default('project.pipelineStageChanged'),
        mode: z.enum(['once', 'duplicate', 'late', 'reordered', 'forged']).default('once'),
        delayMs: z.number().nonnegative().optional(),
        webhookId: z.string().optional(),
      }),
      ({ projectId, event, mode, delayMs, webhookId }) => {
        const project = projectOf(projectId)
        const to = webhookId === undefined ? {} : { webhookId }
        const older = payloadOf(context, event, project)
        if (mode === 'reordered') {
          const pipeline = state.pipelines.find(({ id }) => id === project.pipelineId)
          const next = pipeline?.stages.find(({ id }) => id !== project.stageId)
          if (next) project.stageId = next.id
          announce(context, event, payloadOf(context, event, project), to)
          announce(context, event, older, { ...to, delayMs: delayMs ?? REORDERED_MS })
        } else {
          announce(context, event, older, { ...to, isForged: mode === 'forged', delayMs: delayMs ?? (mode === 'late' ? LATE_MS : 0) })
          if (mode === 'duplicate') announce(context, event, older, { ...to, delayMs: delayMs ?? 0 })
        }
        return { mode, event }
      },
    ),
  }
}
