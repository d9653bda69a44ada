import { BoundedMap, type Clock, type ConnectionId } from '@couplet/core'
import type { OpenedConnection, Store } from '@couplet/store'

export type ConnectionCache = {
  /** The connection with its secrets opened; at most `AGE_MAX_MS` old, so that a rotation elsewhere is seen soon. */
  open(id: ConnectionId): Promise<OpenedConnection | undefined>
  forget(id: ConnectionId): void
}

const AGE_MAX_MS = 2_000

/** Opened connections for a moment: hundreds of runs a second must not each open the vault. Concurrent callers share one load. */
export function connectionCache(store: Store, clock: Clock): ConnectionCache {
  const known = new BoundedMap<ConnectionId, { at: number; loading: Promise<OpenedConnection | undefined> }>(1_000)
  return {
    open: (id) => {
      const entry = known.get(id)
      if (entry && clock.now() - entry.at < AGE_MAX_MS) return entry.loading
      const loading = store.connections.open(id)
      known.set(id, { at: clock.now(), loading })
      loading.catch(() => known.delete(id))
      return loading
    },
    forget: (id) => known.delete(id),
  }
}
