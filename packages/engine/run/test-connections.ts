import { type ConnectionId, type FlowId, type Json, userFault, type WorkspaceId } from '@couplet/core'
import { type ActionStep, type FlowDefinition, resolveInput } from '@couplet/flow'
import type { Environment, OpenedConnection } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import type { Scope } from './walk.ts'
import { chooseConnection } from './choose-connection.ts'

/** Which accounts a test of a draft works with. */
export type TestConnections = {
  /** The account of a slot, the chosen one first. `undefined`: there is none of its connector in this environment. */
  ofSlot(slot: string): Promise<OpenedConnection | undefined>
  /** The account of a step; by its facts where the step says so. Throws `connection.missing` and `connection.none_fits`. */
  ofStep(step: Pick<ActionStep, 'connection' | 'connectionWhere'>, scope: Scope): Promise<OpenedConnection | undefined>
  /** What formulas see as `connections`: facts, never secrets. */
  facts(): Promise<Record<string, Json>>
}

export type TestConnectionsRequest = {
  workspaceId: WorkspaceId
  flow: { id: FlowId; environment: Environment }
  definition: FlowDefinition
  environment: Environment
  /** Accounts the person chose for slots; those of another environment or connector are not taken. */
  chosen: Readonly<Record<string, ConnectionId>>
}

/**
 * A flow that is live is tested in the sandbox too: a slot's account is then the sandbox's account of the same connector. In the flow's own
 * environment the accounts bound to the slot come first.
 */
export async function testConnections(
  parts: EngineParts,
  { workspaceId, flow, definition, environment, chosen }: TestConnectionsRequest,
): Promise<TestConnections> {
  const all = await parts.store.connections.list(workspaceId)
  const bindings = flow.environment === environment ? await parts.store.flows.bindings(flow.id) : {}
  const candidates = (slot: string): ConnectionId[] => {
    const connector = definition.slots[slot]?.connector
    const fitting = all.filter((one) => one.connector === connector && one.environment === environment).map(({ id }) => id)
    const first = [...(Object.hasOwn(chosen, slot) ? [chosen[slot]] : []), ...(Object.hasOwn(bindings, slot) ? (bindings[slot] ?? []) : [])]
    return [...new Set([...first.filter((id) => id !== undefined && fitting.includes(id)), ...fitting])].filter((id) => id !== undefined)
  }
  const ofSlot = async (slot: string): Promise<OpenedConnection | undefined> => {
    const [id] = candidates(slot)
    return id === undefined ? undefined : parts.connections.open(id)
  }
  return {
    ofSlot,
    ofStep: async ({ connection: slot, connectionWhere }, scope) => {
      if (slot === undefined) return undefined
      const found =
        connectionWhere === undefined
          ? await ofSlot(slot)
          : await chooseConnection(parts, candidates(slot), resolveInput(connectionWhere, scope), slot)
      if (found) return found
      throw userFault({
        code: 'connection.missing',
        message: `There is no ${environment} account for "${slot}" to test with.`,
        hint: environment === 'sandbox' ? 'Switch the sandbox on, or test with live accounts.' : 'Add a live connection first.',
      })
    },
    facts: async () => {
      const facts: Record<string, Json> = {}
      for (const slot of Object.keys(definition.slots)) {
        const connection = await ofSlot(slot)
        if (connection) facts[slot] = { ...connection.facts, name: connection.name }
      }
      return facts
    },
  }
}
