import { registryOf } from '@couplet/connector-sdk'
import { durationMs, type Fault, type FlowId, userFault, type WorkspaceId } from '@couplet/core'
import { allSteps, type FlowDefinition, type Problem, validateDefinition, withTables } from '@couplet/flow'
import type { Bindings, Connection, FlowRow, TriggerRow } from '@couplet/store'
import { operationStanding } from './operation-standing.ts'
import { scopesBySlot, standingOf } from './scopes-needed.ts'
import { operationLookup } from '../operation-shapes.ts'
import { parseTriggerInput } from '../intake/ingress.ts'
import type { EngineParts } from '../parts.ts'
import { nextDue } from '../polling/poll-trigger.ts'

export type PublishCheck = { definition: FlowDefinition | undefined; problems: Problem[]; isPublishable: boolean }

const EVERY_SHORTEST_MS = 15_000

/** Everything that must hold before a flow is published: its definition, and the connections behind its slots (those bound now, or the given ones). */
export async function checkFlow(parts: EngineParts, flow: FlowRow, bindings?: Bindings): Promise<PublishCheck> {
  const tables = await parts.store.lookupTables.list(flow.workspaceId)
  const registry = registryOf(parts.registry, flow.workspaceId)
  const { definition, problems } = validateDefinition(flow.draft, withTables(operationLookup(registry), tables), {
    standing: operationStanding(registry),
  })
  const all = [...problems]
  if (definition) all.push(...(await checkBindings(parts, flow, definition, bindings ?? (await parts.store.flows.bindings(flow.id)))))
  return { definition, problems: all, isPublishable: definition !== undefined && !all.some((problem) => problem.severity === 'error') }
}

async function checkBindings(parts: EngineParts, flow: FlowRow, definition: FlowDefinition, bindings: Bindings): Promise<Problem[]> {
  const connections = new Map((await parts.store.connections.list(flow.workspaceId)).map((connection) => [connection.id, connection]))
  const registry = registryOf(parts.registry, flow.workspaceId)
  const needed = scopesBySlot(registry, definition)
  const problems: Problem[] = []
  const report = (slot: string, code: string, message: string, hint: string) =>
    problems.push({ severity: 'error', code, path: ['slots', slot], place: `slots.${slot}`, message, hint })

  for (const [slot, { connector }] of Object.entries(definition.slots)) {
    const bound = (bindings[slot] ?? []).flatMap((id) => connections.get(id) ?? [])
    const title = registry.connector(connector)?.spec.title ?? connector
    if (bound.length === 0)
      report(slot, 'connection.missing', `No connection stands behind "${slot}".`, `Choose a ${title} connection for it.`)
    if (bound.length > 1 && slot !== definition.trigger.connection && !isChosenByFact(definition, slot))
      report(
        slot,
        'connection.too_many',
        `"${slot}" has ${bound.length} connections, but its steps do not say which one to use.`,
        'Choose one of them, or say in the steps which one by its location.',
      )
    for (const connection of bound) {
      if (connection.connector !== connector)
        report(
          slot,
          'connection.wrong_connector',
          `"${connection.name}" is not a ${title} connection.`,
          `Choose a ${title} connection for "${slot}".`,
        )
      if (connection.environment !== flow.environment)
        report(
          slot,
          'connection.wrong_environment',
          `"${connection.name}" belongs to ${connection.environment}, the flow to ${flow.environment}.`,
          'Choose a connection of the same environment, or promote the flow.',
        )
      for (const scope of needed.get(slot) ?? [])
        if (standingOf(connection.granted, scope) === 'missing') report(slot, 'scope.missing', ...missingWords(parts, connection, scope))
    }
  }
  return problems
}

/** A permission that is known to be missing: which one, for whom, and where it is granted. */
function missingWords(parts: Pick<EngineParts, 'registry'>, connection: Connection, scope: string): [message: string, hint: string] {
  const spec = parts.registry.connector(connection.connector)?.spec
  const words = spec?.scopes[scope]
  return [
    `"${connection.name}" lacks the permission ${scope}${words === undefined ? '' : ` (${words.toLowerCase()})`}.`,
    connection.grantId === null
      ? `${spec?.scopesGrantedAt ?? 'Grant it at the vendor.'} Then test the connection again.`
      : 'Add it to the app at the vendor, then connect the account again.',
  ]
}

/** True when every step that uses the slot says by its facts which of the slot's connections it means. */
const isChosenByFact = (definition: FlowDefinition, slot: string): boolean =>
  allSteps(definition).every(({ step }) => step.kind !== 'action' || step.connection !== slot || step.connectionWhere !== undefined)

/**
 * Publishes the draft as the next version and switches the flow on. Its triggers keep what they know, so that nothing is lost or repeated; only
 * a trigger that asks another question starts with a new baseline. Throws `flow.not_publishable` with all problems.
 */
export async function publishFlow(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  id: FlowId,
  note?: string,
): Promise<{ version: number; triggers: TriggerRow[]; problems: Problem[] }> {
  return publishDraftOf(parts, await loadFlow(parts, workspaceId, id), note)
}

/** Publishes an old version as the newest one. The draft stays as it is: someone may be working on it. */
export async function rollBackFlow(
  parts: EngineParts,
  workspaceId: WorkspaceId,
  id: FlowId,
  version: number,
): Promise<{ version: number }> {
  const flow = await loadFlow(parts, workspaceId, id)
  const old = await parts.store.flows.version(id, version)
  if (!old)
    throw userFault({
      code: 'version.not_found',
      message: `"${flow.name}" has no version ${version}.`,
      hint: 'Choose one from the list of versions.',
    })
  const published = await publishDraftOf(parts, { ...flow, draft: old.definition }, `Back to version ${version}`)
  return { version: published.version }
}

async function publishDraftOf(
  parts: EngineParts,
  flow: FlowRow,
  note: string | undefined,
): Promise<{ version: number; triggers: TriggerRow[]; problems: Problem[] }> {
  const { id } = flow
  const check = await checkFlow(parts, flow)
  if (!check.definition || !check.isPublishable) throw notPublishable(flow, check.problems)
  await checkTriggerSettings(parts, flow, check.definition)
  // The draft as checked, so that what runs is what was shown.
  const version = await parts.store.flows.addVersion(id, check.definition, note)
  parts.flows.forget(id)
  const triggers = await putTriggers(parts, flow, check.definition, await parts.store.flows.bindings(id))
  await parts.store.flows.setState(id, 'on')
  // Once more: who asked in between was told half of it.
  parts.flows.forget(id)
  return { version, triggers, problems: check.problems }
}

/** Settings that the operation itself refuses, or a schedule that never comes, are found before anything is published. */
async function checkTriggerSettings(parts: EngineParts, flow: FlowRow, { trigger }: FlowDefinition): Promise<void> {
  const operation = parts.registry.trigger(trigger.operation, trigger.version)
  if (!operation) return
  const input = parseTriggerInput(operation, { input: trigger.input, flowName: flow.name })
  if (operation.scheduled) nextDue(operation, input, { now: parts.clock.now(), zone: await parts.flows.timeZone(flow.workspaceId) })
}

async function putTriggers(parts: EngineParts, flow: FlowRow, definition: FlowDefinition, bindings: Bindings): Promise<TriggerRow[]> {
  const { trigger } = definition
  const operation = parts.registry.trigger(trigger.operation, trigger.version)
  if (!operation) throw userFault({ code: 'operation.unknown', message: `This Couplet has no trigger ${trigger.operation}.` })
  const connectionIds = trigger.connection === undefined ? [null] : (bindings[trigger.connection] ?? [])
  const rows: TriggerRow[] = []
  for (const connectionId of connectionIds) {
    const row = await parts.store.triggers.put({
      workspaceId: flow.workspaceId,
      flowId: flow.id,
      connectionId,
      operation: trigger.operation,
      operationVersion: trigger.version,
      input: trigger.input,
      everyMs: trigger.every === undefined ? null : Math.max(EVERY_SHORTEST_MS, durationMs(trigger.every)),
      isOn: true,
    })
    const now = parts.clock.now()
    if (operation.scheduled) await parts.store.triggers.setNextPoll(row.id, now)
    else if (operation.poll && (row.nextPollAt === null || row.baselineAt === null)) await parts.store.triggers.setNextPoll(row.id, now)
    rows.push(row)
  }
  await parts.store.triggers.switchOffOthers(
    flow.id,
    rows.map((row) => row.id),
  )
  return rows
}

const notPublishable = (flow: FlowRow, problems: readonly Problem[]): Fault => {
  const errors = problems.filter((problem) => problem.severity === 'error')
  return userFault({
    code: 'flow.not_publishable',
    message: `"${flow.name}" cannot be published: ${errors.map((problem) => `${problem.place}: ${problem.message}`).join(' · ')}`,
    hint: errors[0]?.hint ?? 'Mend the problems in the builder.',
    details: { problems: errors },
  })
}

/** Pauses or resumes: while paused, webhooks are kept and polls stop. */
export async function setFlowOn(parts: EngineParts, workspaceId: WorkspaceId, id: FlowId, isOn: boolean): Promise<void> {
  const flow = await loadFlow(parts, workspaceId, id)
  if (isOn && flow.version === null)
    throw userFault({ code: 'flow.not_published', message: `"${flow.name}" has not been published yet.`, hint: 'Publish it first.' })
  await parts.store.flows.setState(id, isOn ? 'on' : 'paused')
  parts.flows.forget(id)
}

export async function loadFlow(parts: Pick<EngineParts, 'store'>, workspaceId: WorkspaceId, id: FlowId): Promise<FlowRow> {
  const flow = await parts.store.flows.find(workspaceId, id)
  if (!flow) throw userFault({ code: 'flow.not_found', message: 'There is no such flow.', hint: 'Go back to the list of flows.' })
  return flow
}
