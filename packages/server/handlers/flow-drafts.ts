import { type Fault, isJsonObject, userFault } from '@couplet/core'
import type { Registry } from '@couplet/connector-sdk'
import { operationLookup } from '@couplet/engine'
import {
  applyEdits,
  FLOW_SCHEMA_ID,
  type FlowDefinition,
  FlowDefinition as Definition,
  parseFlowFile,
  placeOf,
  type Problem,
  validateDefinition,
  slotNameFor,
} from '@couplet/flow'
import type { FlowRow } from '@couplet/store'
import { z } from 'zod'
import { readDefinition } from '../views/flow-view.ts'
import { EditShape } from './edit-shape.ts'

const BLANK_TRIGGER = 'builtin.manual.started'

/** The name in a definition; drafts that have lost it keep the flow's. */
export function nameOf(definition: object, fallback?: string): string {
  const name = isJsonObject(definition) ? definition['name'] : undefined
  if (typeof name === 'string' && name.trim() !== '' && name.length <= 120) return name
  if (fallback !== undefined) return fallback
  throw userFault({
    code: 'flow.invalid',
    message: 'The flow has no name.',
    hint: 'Give it one: "name": "…".',
    fields: { name: 'is missing' },
    place: 'name',
  })
}

/** The version new flows get of an operation that is made when it is used. */
const newestOf = (registry: Registry, id: string): number =>
  registry.connectors
    .find(({ spec }) => id.startsWith(`${spec.id}.`))
    ?.lazy?.words()
    .find((words) => words.id === id)?.version ?? 1

/** A flow with a trigger and nothing else. Throws `operation.not_found` for a trigger nobody offers. */
export function blankDefinition(registry: Registry, name: string, trigger: string | undefined): FlowDefinition {
  const wanted = trigger ?? BLANK_TRIGGER
  const found =
    registry.connectors.flatMap((connector) => connector.triggers).findLast((operation) => operation.id === wanted) ??
    registry.trigger(wanted, newestOf(registry, wanted))
  if (!found)
    throw userFault({
      code: 'operation.not_found',
      message: `There is no trigger "${wanted}".`,
      hint: 'Choose one from the catalogue.',
      fields: { trigger: 'is not known' },
    })
  const isBuiltIn = registry.connector(found.connector)?.spec.isBuiltIn === true
  const slot = slotNameFor(found.connector)
  return Definition.parse({
    $schema: FLOW_SCHEMA_ID,
    format: 1,
    name,
    slots: isBuiltIn ? {} : { [slot]: { connector: found.connector } },
    trigger: { operation: found.id, version: found.version, ...(isBuiltIn ? {} : { connection: slot }), input: {} },
    steps: [],
  })
}

/** The first problems of a list as one message. */
function told(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 5).map((problem) => (problem.place === '' ? problem.message : `${problem.place}: ${problem.message}`))
  return `${shown.join(' · ')}${problems.length > shown.length ? ` · and ${problems.length - shown.length} more` : ''}`
}

/**
 * The definition in the text of a flow file. Throws `flow.not_json` (with line and column) when it is no JSON, and `flow.invalid` when
 * its form is wrong; a file whose form is right is taken even if it cannot be published yet, with its problems to be seen.
 */
export function definitionFromFile(registry: Registry, text: string, filename: string): FlowDefinition {
  const source = parseFlowFile(text, filename)
  const { definition, problems } = validateDefinition(source, operationLookup(registry))
  if (definition) return definition
  const [first] = problems
  throw userFault({
    code: 'flow.invalid',
    message: `${filename} is not a flow: ${told(problems)}`,
    hint: first?.hint ?? 'Export a flow to see what one looks like.',
    fields: Object.fromEntries(problems.map((problem) => [problem.place === '' ? '(all)' : problem.place, problem.message])),
    ...(first ? { place: `${filename}: ${first.place}` } : {}),
    details: { problems },
  })
}

/** The draft with edits applied. Throws `edit.*`, `flow.invalid` when an edit is none, `flow.changed_elsewhere` when it was made on another revision. */
export function editedDraft(flow: FlowRow, edits: readonly { kind: string }[], fromRevision: number): FlowDefinition {
  if (flow.draftRevision !== fromRevision)
    throw userFault({
      code: 'flow.changed_elsewhere',
      message: `Someone saved this flow meanwhile (revision ${flow.draftRevision}, you started from ${fromRevision}).`,
      hint: 'Load their version and apply your change again.',
      details: { revision: flow.draftRevision },
    })
  const draft = readDefinition(flow.draft)
  if (!draft)
    throw userFault({
      code: 'flow.invalid',
      message: 'The draft cannot be read, so edits cannot be applied to it.',
      hint: 'Save it whole instead.',
    })
  const read = z.array(EditShape).safeParse(edits)
  if (!read.success) throw editsInvalid(read.error, 'edits')
  // An edit can be right by itself and still spoil the flow (a name too long, a list too large): the whole is read once more.
  const parsed = Definition.safeParse(applyEdits(draft, read.data).definition)
  if (!parsed.success) throw editsInvalid(parsed.error, '')
  return parsed.data
}

function editsInvalid(error: z.ZodError, base: string): Fault {
  const fields = Object.fromEntries(
    error.issues.map((issue) => [
      placeOf([...(base === '' ? [] : [base]), ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]) || '(all)',
      issue.message,
    ]),
  )
  return userFault({
    code: 'flow.invalid',
    message: `These edits do not give a flow: ${Object.entries(fields)
      .map(([field, problem]) => `${field}: ${problem}`)
      .join('; ')}.`,
    hint: 'Nothing was saved. Mend the edit.',
    fields,
  })
}
