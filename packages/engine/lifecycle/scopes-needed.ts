import type { ConnectionId, FlowId, WorkspaceId } from '@couplet/core'
import { FlowDefinition, operationsUsed, upgradeDefinition } from '@couplet/flow'
import type { Bindings, FlowRow, Granted } from '@couplet/store'
import type { EngineParts } from '../parts.ts'

/** A permission and the flows that need it. */
export type NeededScope = { scope: string; flows: { id: FlowId; name: string }[] }

type Parts = Pick<EngineParts, 'store' | 'registry'>

/** Permissions of the operations a definition uses, by slot. */
export function scopesBySlot(registry: EngineParts['registry'], definition: FlowDefinition): Map<string, Set<string>> {
  const bySlot = new Map<string, Set<string>>()
  for (const used of operationsUsed(definition)) {
    const operation = registry.action(used.operation, used.version) ?? registry.trigger(used.operation, used.version)
    for (const slot of used.slots) {
      const scopes = bySlot.get(slot) ?? new Set()
      for (const scope of operation?.scopes ?? []) scopes.add(scope)
      bySlot.set(slot, scopes)
    }
  }
  return bySlot
}

function readOrNone(draft: unknown): FlowDefinition | undefined {
  try {
    return FlowDefinition.safeParse(upgradeDefinition(draft)).data
  } catch {
    return undefined
  }
}

/** Draft and published version of a flow: both may run with a connection before long. */
async function eachUse(
  { store, registry }: Parts,
  workspaceId: WorkspaceId,
  use: (flow: FlowRow, scopes: Map<string, Set<string>>, bindings: Bindings) => void,
): Promise<void> {
  const [flows, published, bindings] = await Promise.all([
    store.flows.list(workspaceId),
    store.flows.published(workspaceId),
    store.flows.allBindings(workspaceId),
  ])
  for (const flow of flows)
    for (const draft of [flow.draft, published.get(flow.id)]) {
      const definition = draft === undefined ? undefined : readOrNone(draft)
      if (definition) use(flow, scopesBySlot(registry, definition), bindings.get(flow.id) ?? {})
    }
}

/** Least privilege: what a connection must be granted is the sum over the flows that use it. */
export async function scopesOfConnection(parts: Parts, workspaceId: WorkspaceId, id: ConnectionId): Promise<NeededScope[]> {
  const needed = new Map<string, NeededScope['flows']>()
  await eachUse(parts, workspaceId, (flow, bySlot, bindings) => {
    for (const [slot, scopes] of bySlot) {
      if (!bindings[slot]?.includes(id)) continue
      for (const scope of scopes) {
        const flows = needed.get(scope) ?? []
        if (!flows.some((known) => known.id === flow.id)) flows.push({ id: flow.id, name: flow.name })
        needed.set(scope, flows)
      }
    }
  })
  return [...needed].map(([scope, flows]) => ({ scope, flows })).toSorted((left, right) => left.scope.localeCompare(right.scope))
}

/** What all flows of a workspace need of one vendor, whichever connection they use. */
export async function scopesOfWorkspace(parts: Parts, workspaceId: WorkspaceId, connector: string): Promise<string[]> {
  const needed = new Set<string>()
  const known = parts.registry.connector(connector)?.spec.scopes ?? {}
  await eachUse(parts, workspaceId, (_flow, bySlot) => {
    for (const scopes of bySlot.values()) for (const scope of scopes) if (Object.hasOwn(known, scope)) needed.add(scope)
  })
  return [...needed].toSorted()
}

/** Whether a permission is granted: `unknown` where nobody has seen it either way. */
export function standingOf(granted: Granted | null, scope: string): 'granted' | 'missing' | 'unknown' {
  if (!granted) return 'unknown'
  if (granted.has.includes(scope)) return 'granted'
  return granted.known === 'all' || granted.lacks.includes(scope) ? 'missing' : 'unknown'
}
