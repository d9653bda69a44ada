import type { z } from 'zod'
import type { ProjectUpdate } from './bodies.ts'
import { updatedValues } from './custom-fields.ts'
import { customerBody, flatAddress } from './customers.ts'
import { Refusal } from './refusal.ts'
import { assumes, type Customer, nextId, type PayacaContext, type PayacaState, type Pipeline, type Project } from './state.ts'
import { knownTags } from './tags.ts'
import { announce } from './webhooks.ts'

type ProjectInput = z.output<typeof ProjectUpdate>
type Reference = { title: string } | { id: string }

const refers = (reference: Reference, entry: { id: string; title: string }): boolean =>
  'id' in reference ? entry.id === reference.id : entry.title === reference.title

/** The project as answers and webhooks show it (contract 3.5). */
export function projectBody(context: PayacaContext, project: Project) {
  const { state } = context
  const pipeline = state.pipelines.find(({ id }) => id === project.pipelineId)
  const stage = pipeline?.stages.find(({ id }) => id === project.stageId)
  const user = state.users.find(({ email }) => email === project.assignedTo)
  const customer = state.customers.find(({ id }) => id === project.customerId)
  return {
    id: project.id,
    reference: project.reference,
    pipeline: pipeline ? { title: pipeline.title } : null,
    pipelineStage: stage ? { title: stage.title } : null,
    customer: customer ? customerBody(context, customer) : null,
    tags: project.tags,
    assignedTo: user ? { fullName: user.fullName, email: user.email } : null,
    siteAddress: project.siteAddress,
  }
}

export function projectById(state: PayacaState, id: string): Project {
  const project = state.projects.find((project) => project.id === id)
  if (!project) throw new Refusal(404, 'Project not found')
  return project
}

/** Pipeline and stage by title or id; nothing named means the first stage (ASSUMED). */
function findPlace(state: PayacaState, input: ProjectInput, current: Project | undefined): { pipelineId: string; stageId: string } {
  const { pipeline: wanted, pipelineStage } = input
  const named = wanted
    ? state.pipelines.find((pipeline) => refers(wanted, pipeline))
    : (state.pipelines.find(({ id }) => id === current?.pipelineId) ?? state.pipelines[0])
  if (!named) throw new Refusal(422, 'There is no such pipeline.')
  const stage = pipelineStage ? named.stages.find((stage) => refers(pipelineStage, stage)) : stayingStage(named, current)
  if (!stage) throw new Refusal(422, 'There is no such pipeline stage.')
  return { pipelineId: named.id, stageId: stage.id }
}

const stayingStage = (pipeline: Pipeline, current: Project | undefined) =>
  pipeline.stages.find(({ id }) => id === current?.stageId) ?? pipeline.stages[0]

function findUser(state: PayacaState, email: string): string {
  const user = state.users.find((user) => user.email.toLowerCase() === email.toLowerCase())
  if (!user) throw new Refusal(422, `There is no user ${email}.`)
  return user.email
}

/** Creates a project. No key makes this idempotent: a repeat is a second project (ASSUMED). */
export function createProject(context: PayacaContext, customer: Customer, input: ProjectInput): Project {
  const { state } = context
  const place = findPlace(state, input, undefined)
  const assignedTo = input.assignTo ? findUser(state, input.assignTo.email) : null
  const customFields = updatedValues(context, 'project', {}, input.customFields)
  const tags = knownTags(context, input.tags ?? [])
  const id = nextId(state, 'p')
  const project: Project = {
    id,
    reference: input.reference ?? `R-${id.slice(1)}`,
    customerId: customer.id,
    ...place,
    tags: [...new Set(tags)],
    assignedTo,
    notes: input.notes ?? [],
    customFields,
    siteAddress: input.siteAddress ? flatAddress(input.siteAddress) : null,
    createdAt: context.clock.now(),
  }
  state.projects.push(project)
  context.touch()
  return project
}

/** Updates a project (body ASSUMED). Tags change only under `projectRetags`; else they are ignored. Notes are added. */
export function updateProject(context: PayacaContext, project: Project, input: ProjectInput): Project {
  const { state } = context
  const place = findPlace(state, input, project)
  const assignedTo = input.assignTo ? findUser(state, input.assignTo.email) : project.assignedTo
  const customFields = updatedValues(context, 'project', project.customFields, input.customFields)
  const tags = input.tags && assumes(context, 'projectRetags') ? [...new Set(knownTags(context, input.tags))] : project.tags
  const hasMoved = place.stageId !== project.stageId
  Object.assign(project, place, { assignedTo, customFields, tags })
  project.reference = input.reference ?? project.reference
  project.notes.push(...(input.notes ?? []))
  if (input.siteAddress) project.siteAddress = flatAddress(input.siteAddress)
  if (hasMoved) announceMove(context, project)
  context.touch()
  return project
}

/** One member that holds a whole project (CONFIRMED); the member's name is ASSUMED and can be switched. */
export const stageChangedPayload = (context: PayacaContext, project: Project): object => ({
  [context.setting('webhookProjectMember')]: projectBody(context, project),
})

export const announceMove = (context: PayacaContext, project: Project): void =>
  announce(context, 'project.pipelineStageChanged', stageChangedPayload(context, project))
