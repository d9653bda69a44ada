import { canonicalJson, type Json, type JsonObject, userFault } from '@couplet/core'
import { type ActionStep, resolveInput } from '@couplet/flow'
import type { OpenedConnection } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { askStore } from './ask-store.ts'
import type { ActionContext } from './perform-action.ts'
import type { Scope } from './walk.ts'

/** The account that stands behind a step's slot in this run. Throws `connection.missing`, `connection.none_fits`, `connection.other_environment`. */
export async function connectionOf(
  parts: EngineParts,
  context: Pick<ActionContext, 'run' | 'definition'>,
  step: ActionStep,
  scope: Scope,
): Promise<OpenedConnection> {
  const slot = step.connection
  const missing = (why: string) =>
    userFault({
      code: 'connection.missing',
      message: `No connection stands behind "${slot ?? ''}": ${why}.`,
      hint: 'Choose a connection for it in the flow.',
    })
  if (slot === undefined) throw missing('the step names none')
  const bound = (await askStore(parts.flows.bindings(context.run.flowId)))[slot] ?? []
  if (step.connectionWhere !== undefined)
    return ofRun(context, await chooseConnection(parts, bound, resolveInput(step.connectionWhere, scope), slot))
  const isTriggerSlot = slot === context.definition.trigger.connection
  const id = isTriggerSlot && context.run.connectionId ? context.run.connectionId : bound[0]
  if (!id) throw missing('none was chosen')
  const connection = await askStore(parts.connections.open(id))
  if (!connection) throw missing('it was removed')
  return ofRun(context, connection)
}

/** A run that began in the sandbox stays there: a flow that was promoted meanwhile has live accounts behind its slots. */
function ofRun({ run }: Pick<ActionContext, 'run'>, connection: OpenedConnection): OpenedConnection {
  if (connection.environment === run.environment) return connection
  throw userFault({
    code: 'connection.other_environment',
    message: `This run began in ${run.environment}, and "${connection.name}" is an account of ${connection.environment} now.`,
    hint: 'The flow was promoted while the run was under way. Start it anew to run it with the accounts of today.',
  })
}

/** The one connection of the slot with these facts (a location id). Throws `connection.none_fits`. */
export async function chooseConnection(
  parts: EngineParts,
  bound: readonly OpenedConnection['id'][],
  wanted: JsonObject,
  slot: string,
): Promise<OpenedConnection> {
  for (const id of bound) {
    const connection = await askStore(parts.connections.open(id))
    if (connection && Object.entries(wanted).every(([fact, value]) => connection.facts[fact] === textOf(value))) return connection
  }
  const words = Object.entries(wanted)
    .map(([fact, value]) => `${fact} ${textOf(value)}`)
    .join(', ')
  throw userFault({
    code: 'connection.none_fits',
    message: `None of the connections of "${slot}" has ${words}.`,
    hint: 'Connect that location, add it to the flow, and replay this run from the failed step.',
  })
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value))
