import { type Edit, FlowDefinition, Mapping, Step } from '@couplet/flow'
import { z } from 'zod'

/** Edits as they come from outside: the form of each is checked before it is applied, so that applying can trust its types. */

const stepId = z.string()
const index = z.int().nonnegative()
const StepShape: z.ZodType<Step> = z.custom<Step>((value) => Step.safeParse(value).success, 'is not a step')
const MappingShape: z.ZodType<Mapping> = z.custom<Mapping>((value) => Mapping.safeParse(value).success, 'is not a mapping')
const Steps = z.array(StepShape)

const Container = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flow') }),
  z.strictObject({ kind: z.literal('on-failure') }),
  z.strictObject({ kind: z.literal('branch'), stepId, branch: index }),
  z.strictObject({ kind: z.literal('otherwise'), stepId }),
  z.strictObject({ kind: z.literal('each'), stepId }),
])
const At = z.strictObject({ container: Container, index })

export const EditShape: z.ZodType<Edit> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set-name'), name: z.string() }),
  z.strictObject({ kind: z.literal('add-step'), at: At, step: StepShape }),
  z.strictObject({ kind: z.literal('remove-step'), stepId }),
  z.strictObject({ kind: z.literal('move-step'), stepId, to: At }),
  z.strictObject({ kind: z.literal('replace-step'), stepId, step: StepShape }),
  z.strictObject({ kind: z.literal('set-input'), stepId, input: z.string(), mapping: MappingShape }),
  z.strictObject({ kind: z.literal('remove-input'), stepId, input: z.string() }),
  z.strictObject({ kind: z.literal('set-trigger'), trigger: FlowDefinition.shape.trigger }),
  z.strictObject({ kind: z.literal('set-slot'), slot: z.string(), connector: z.string(), title: z.string().optional() }),
  z.strictObject({ kind: z.literal('remove-slot'), slot: z.string() }),
  z.strictObject({
    kind: z.literal('set-settings'),
    settings: z.strictObject({ description: z.string().nullable().optional(), orderedBy: z.string().nullable().optional() }),
  }),
  z.strictObject({ kind: z.literal('set-on-failure'), steps: Steps.nullable() }),
  z.strictObject({
    kind: z.literal('add-branch'),
    stepId,
    index,
    branch: z.strictObject({ title: z.string(), when: z.string(), steps: Steps }),
  }),
  z.strictObject({ kind: z.literal('remove-branch'), stepId, index }),
  z.strictObject({ kind: z.literal('move-branch'), stepId, from: index, to: index }),
  z.strictObject({ kind: z.literal('set-branch'), stepId, index, title: z.string(), when: z.string() }),
  z.strictObject({ kind: z.literal('rename-step-id'), stepId, to: z.string() }),
  z.strictObject({ kind: z.literal('replace-definition'), definition: FlowDefinition }),
])
