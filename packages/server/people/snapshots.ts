import { asId, type JsonObject, type WorkspaceId } from '@couplet/core'
import type { Store } from '@couplet/store'

/**
 * What the audit log says of an object, before and after a change: its settings, never secrets, and nothing large (versions of a flow
 * are kept as such). The first id that is known counts; `undefined` when there is none, or nothing of it in this workspace.
 */
export async function snapshotOf(store: Store, workspaceId: WorkspaceId, ids: readonly string[]): Promise<JsonObject | undefined> {
  for (const text of ids) {
    const found = await ofId(store, workspaceId, text)
    if (found) return found
  }
  return undefined
}

async function ofId(store: Store, workspaceId: WorkspaceId, text: string): Promise<JsonObject | undefined> {
  const flowId = asId('flow', text)
  if (flowId) {
    const flow = await store.flows.find(workspaceId, flowId)
    return (
      flow && { name: flow.name, state: flow.state, environment: flow.environment, version: flow.version, revision: flow.draftRevision }
    )
  }
  const connectionId = asId('con', text)
  if (connectionId) {
    const connection = await store.connections.find(workspaceId, connectionId)
    return (
      connection && {
        name: connection.name,
        environment: connection.environment,
        origin: connection.origin,
        facts: { ...connection.facts },
        optedIn: [...connection.optedIn],
        state: connection.state,
      }
    )
  }
  const runId = asId('run', text)
  if (runId) {
    const run = await store.runs.find(workspaceId, runId)
    return run && { name: run.flowName, state: run.state }
  }
  const personId = asId('per', text)
  if (personId) {
    const member = (await store.people.members(workspaceId)).find((one) => one.id === personId)
    return member && { name: member.name, role: member.role }
  }
  const invitationId = asId('inv', text)
  if (invitationId) {
    const invitation = await store.invitations.find(workspaceId, invitationId)
    return invitation && { name: invitation.email, role: invitation.role }
  }
  const tokenId = asId('tok', text)
  if (tokenId) {
    const token = (await store.apiTokens.list(workspaceId)).find((one) => one.id === tokenId)
    return token && { name: token.name, permissions: [...token.permissions] }
  }
  return undefined
}
