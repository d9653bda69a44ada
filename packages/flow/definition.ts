import { isDuration } from '@couplet/core'
import { z } from 'zod'

/**
 * A flow is data. This module is the one place that says which data: everything else (engine, builder, files in git, API)
 * reads the types inferred here, and the published JSON Schema is generated from these schemas.
 *
 * Names inside a flow: each step has an id, and its output is read by later steps under that id (`find.tags`). Reserved
 * names: `trigger` (the fact that started the run), `connections` (facts of the bound connections by slot), `run`
 * (id, startedAt, environment, timeZone of the workspace, and `resumeUrls`: by step id, the address that ends a wait for a call), `outcomes` (step id → how it ended).
 */

/** Every object has members of these names: a step or slot called so would be found where there is none. */
export const NAMES_OF_OBJECTS = [
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
]

export const RESERVED_NAMES: readonly string[] = [
  'trigger',
  'connections',
  'run',
  'outcomes',
  'failure',
  'item',
  'index',
  // Words of the formula language: a step of this name could not be used in a formula.
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'prototype',
  'return',
  'var',
  'void',
  'while',
  ...NAMES_OF_OBJECTS,
]

const StepId = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'must start with a small letter and hold only letters, digits and _ (40 at most)')
  .refine((id) => !RESERVED_NAMES.includes(id), 'is a reserved name')
  .meta({ title: 'Step id' })
const SlotName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'must start with a small letter and hold only letters, digits and _')
  .refine((name) => !NAMES_OF_OBJECTS.includes(name), 'is a reserved name')
  .meta({ title: 'Connection slot' })
const DurationText = z
  .string()
  .refine(isDuration, 'must be a number and a unit: 30 s, 5 m, 24 h or 7 d')
  .meta({ title: 'Length of time', examples: ['5 m'] })
const Formula = z.string().min(1).max(2_000).meta({ title: 'Formula (CEL)' })
const Title = z.string().max(120)
const OperationId = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/, 'must look like connector.thing.verb')
  .meta({ title: 'Operation' })

export const Pill = z.strictObject({
  kind: z.literal('pill'),
  /** Name of the source (`trigger`, a step id, `connections` …), then member names and list positions. */
  path: z.tuple([z.string()], z.union([z.string(), z.int().nonnegative()])),
  /** Used when the value is absent or null. */
  fallback: z.json().optional(),
})

/** How one input field gets its value. */
export const Mapping = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('value'), value: z.json() }),
  Pill,
  z.strictObject({ kind: z.literal('text'), parts: z.array(z.union([z.string(), Pill])).max(200) }),
  z.strictObject({ kind: z.literal('formula'), formula: Formula }),
  z.strictObject({
    kind: z.literal('list'),
    get items(): z.ZodArray<z.ZodType<Mapping>> {
      return z.array(Mapping).max(200)
    },
  }),
  z.strictObject({
    kind: z.literal('object'),
    get fields(): z.ZodRecord<z.ZodString, z.ZodType<Mapping>> {
      return z.record(z.string(), Mapping)
    },
  }),
])
export type Pill = z.output<typeof Pill>
export type Mapping =
  | { kind: 'value'; value: z.core.util.JSONType }
  | Pill
  | { kind: 'text'; parts: (string | Pill)[] }
  | { kind: 'formula'; formula: string }
  | { kind: 'list'; items: Mapping[] }
  | { kind: 'object'; fields: Record<string, Mapping> }

const stepWords = { id: StepId, title: Title.optional(), note: z.string().max(2_000).optional() }

/** Fault kinds a step may turn into an outcome that later steps branch on (`outcomes.<step> == "not-found"`). */
export const TOLERABLE_FAULTS = ['not-found', 'conflict', 'rejected', 'any'] as const

/**
 * What takes the place of a step's result when the step fails for good, so that the flow goes on (or rests) instead of failing:
 * its last good result for the same input, a fixed value, nothing, or a person's decision.
 */
export const Fallback = z.discriminatedUnion('use', [
  /** Reads only. Older results than this are not used. */
  z.strictObject({ use: z.literal('last-good'), notOlderThan: DurationText.optional() }),
  z.strictObject({ use: z.literal('default'), value: z.json() }),
  z.strictObject({ use: z.literal('skip') }),
  z.strictObject({ use: z.literal('park') }),
])
export type Fallback = z.output<typeof Fallback>

export const ActionStep = z.strictObject({
  kind: z.literal('action'),
  ...stepWords,
  operation: OperationId,
  version: z.int().positive(),
  connection: SlotName.optional(),
  /** Which of the slot's connections, by its facts (`locationId`), when several stand behind the slot. */
  connectionWhere: z.record(z.string(), Mapping).optional(),
  input: z.record(z.string(), Mapping).default({}),
  /** Attempts in all when the vendor is unavailable; waiting for a quota is not an attempt. */
  attemptsMax: z.int().min(1).max(20).optional(),
  /** These faults end the step, not the run. */
  continueOn: z.array(z.enum(TOLERABLE_FAULTS)).optional(),
  fallback: Fallback.optional(),
})

export const BranchStep = z.strictObject({
  kind: z.literal('branch'),
  ...stepWords,
  /** The first branch whose formula is true is taken. */
  branches: z
    .array(
      z.strictObject({
        title: Title,
        when: Formula,
        get steps(): z.ZodArray<z.ZodType<Step>> {
          return Steps
        },
      }),
    )
    .min(1)
    .max(20),
  get otherwise(): z.ZodArray<z.ZodType<Step>> {
    return Steps
  },
})

export const ForEachStep = z.strictObject({
  kind: z.literal('for-each'),
  ...stepWords,
  /** Must give a list. Inside, `<id>.item` and `<id>.index` are the current one. */
  items: Mapping,
  get steps(): z.ZodArray<z.ZodType<Step>> {
    return Steps
  },
  /** Items worked on at the same time. */
  parallel: z.int().min(1).max(20).optional(),
  itemsMax: z.int().min(1).max(10_000).optional(),
  onItemFailure: z.enum(['stop', 'continue']).optional(),
  /** Evaluated at the end of each item; the list is `<id>.results` afterwards. */
  collect: Mapping.optional(),
})

export const WaitStep = z.strictObject({
  kind: z.literal('wait'),
  ...stepWords,
  wait: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('for'), duration: DurationText }),
    z.strictObject({ kind: z.literal('until'), at: Mapping }),
    /** A person answers; afterwards `<id>.approved` (boolean) and `<id>.by`. */
    z.strictObject({ kind: z.literal('approval'), question: Mapping, giveUpAfter: DurationText.optional() }),
    /**
     * Somebody calls the address `run.resumeUrls.<id>`, which steps before this one can hand out; afterwards `<id>.timedOut` (boolean) and
     * `<id>.body`, the JSON of the call. `sample` is a body to build and test with.
     */
    z.strictObject({ kind: z.literal('webhook'), giveUpAfter: DurationText.optional(), sample: z.json().optional() }),
  ]),
})

export const StopStep = z.strictObject({
  kind: z.literal('stop'),
  ...stepWords,
  outcome: z.enum(['done', 'skipped', 'failed']),
  reason: Mapping.optional(),
  /** Inside a for-each: end only this item. */
  ends: z.enum(['run', 'item']).optional(),
})

export const Step = z.discriminatedUnion('kind', [ActionStep, BranchStep, ForEachStep, WaitStep, StopStep])
const Steps: z.ZodArray<z.ZodType<Step>> = z.array(Step).max(200)

type StepWords = { id: string; title?: string | undefined; note?: string | undefined }
export type ActionStep = z.output<typeof ActionStep>
export type BranchStep = StepWords & { kind: 'branch'; branches: { title: string; when: string; steps: Step[] }[]; otherwise: Step[] }
export type ForEachStep = StepWords & {
  kind: 'for-each'
  items: Mapping
  steps: Step[]
  parallel?: number | undefined
  itemsMax?: number | undefined
  onItemFailure?: 'stop' | 'continue' | undefined
  collect?: Mapping | undefined
}
export type WaitStep = z.output<typeof WaitStep>
export type StopStep = z.output<typeof StopStep>
export type Step = ActionStep | BranchStep | ForEachStep | WaitStep | StopStep

export const TriggerStep = z.strictObject({
  operation: OperationId,
  version: z.int().positive(),
  connection: SlotName.optional(),
  /** Settings of the trigger: constants only, there is nothing to map from yet. */
  input: z.record(z.string(), z.json()).default({}),
  /** How often to ask, for triggers that poll. */
  every: DurationText.optional(),
  /** What happens to what already exists when the flow is switched on. */
  firstRun: z.enum(['from-now', 'back-fill']).optional(),
  /** Only facts for which this is true start a run. */
  where: Formula.optional(),
})
export type TriggerStep = z.output<typeof TriggerStep>

export const FlowDefinition = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal(1),
    name: z.string().min(1).max(120),
    description: z.string().max(2_000).optional(),
    /** Connections the flow needs, by name. Which account stands behind a slot is decided per environment, outside the flow. */
    slots: z.record(SlotName, z.strictObject({ connector: z.string(), title: Title.optional() })).default({}),
    trigger: TriggerStep,
    steps: Steps,
    /** Run when the flow fails; `failure` holds step, code, message and hint. */
    onFailure: Steps.optional(),
    /** Facts with the same value of this formula are worked on one after the other, in the order they came. */
    orderedBy: Formula.optional(),
  })
  .meta({ id: 'CoupletFlow', title: 'Couplet flow' })
export type FlowDefinition = z.output<typeof FlowDefinition>
