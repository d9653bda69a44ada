import { BoundedMap, bug, type Clock, type ConnectionId, type FlowId, type WorkspaceId } from '@couplet/core'
import { FlowDefinition } from '@couplet/flow'
import type { Bindings, Store } from '@couplet/store'

export type FlowCache = {
  /** The definition of a published version. Versions never change, so they are kept without age. */
  definition(flowId: FlowId, version: number): Promise<FlowDefinition>
  /** Which connections stand behind the flow's slots; at most 2 s old. */
  bindings(flowId: FlowId): Promise<Bindings>
  /** The workspace's time zone, for schedules and waits; at most 30 s old. */
  timeZone(workspaceId: WorkspaceId): Promise<string>
  forget(flowId: FlowId): void
  /** Moves on with every `forget`: what was judged by flows as they were before must be looked up again. */
  changes(): number
  forgetTimeZone(workspaceId: WorkspaceId): void
}

const AGE_MAX_MS = 2_000
const ZONE_AGE_MAX_MS = 30_000

/** Definitions and bindings, loaded once for many runs. */
export function flowCache(store: Store, clock: Clock): FlowCache {
  const definitions = new BoundedMap<string, Promise<FlowDefinition>>(500)
  const bindings = new BoundedMap<FlowId, { at: number; loading: Promise<Record<string, ConnectionId[]>> }>(1_000)

  let changes = 0
  const zones = new BoundedMap<WorkspaceId, { at: number; loading: Promise<string> }>(1_000)

  const load = async (flowId: FlowId, version: number): Promise<FlowDefinition> => {
    const row = await store.flows.version(flowId, version)
    if (!row) throw bug(`Flow ${flowId} has no version ${version}`)
    return FlowDefinition.parse(row.definition)
  }

  return {
    definition: (flowId, version) => {
      const key = `${flowId}@${version}`
      const known = definitions.get(key)
      if (known) return known
      const loading = load(flowId, version)
      definitions.set(key, loading)
      loading.catch(() => definitions.delete(key))
      return loading
    },
    bindings: (flowId) => {
      const entry = bindings.get(flowId)
      if (entry && clock.now() - entry.at < AGE_MAX_MS) return entry.loading
      const loading = store.flows.bindings(flowId)
      bindings.set(flowId, { at: clock.now(), loading })
      loading.catch(() => bindings.delete(flowId))
      return loading
    },
    timeZone: (workspaceId) => {
      const entry = zones.get(workspaceId)
      if (entry && clock.now() - entry.at < ZONE_AGE_MAX_MS) return entry.loading
      const loading = store.workspaces.find(workspaceId).then((workspace) => workspace?.timeZone ?? 'UTC')
      zones.set(workspaceId, { at: clock.now(), loading })
      loading.catch(() => zones.delete(workspaceId))
      return loading
    },
    forget: (flowId) => {
      changes += 1
      bindings.delete(flowId)
    },
    changes: () => changes,
    forgetTimeZone: (workspaceId) => zones.delete(workspaceId),
  }
}
