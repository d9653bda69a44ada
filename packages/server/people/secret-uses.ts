import { toFault } from '@couplet/core'
import type { Logger } from '@couplet/engine'
import type { SecretUseNote, Store } from '@couplet/store'

type Use = Pick<SecretUseNote, 'workspaceId' | 'connectionId' | 'flowId'>
export type SecretUses = AsyncDisposable & { note(use: Use): void }

const HOUR_MS = 3_600_000
const WRITE_EVERY_MS = 10_000
const GATHERED_MAX = 5_000

/**
 * Counts how often the secret of a connection is opened for a call, by flow and hour: a row for each call would be as much as the runs
 * themselves. Counts are gathered for ten seconds; a process that is killed loses those of its last ones.
 */
export function createSecretUses(store: Store, log: Logger): SecretUses {
  let gathered = new Map<string, SecretUseNote>()
  let writing: Promise<void> = Promise.resolve()
  const write = (): void => {
    if (gathered.size === 0) return
    const notes = [...gathered.values()]
    gathered = new Map()
    writing = writing
      .then(() => store.audit.noteSecretUses(notes))
      .catch((error: unknown) => log.error({ err: toFault(error), uses: notes.length }, 'Uses of secrets could not be written down'))
  }
  const timer = setInterval(write, WRITE_EVERY_MS)
  timer.unref()
  return {
    note: ({ workspaceId, connectionId, flowId }) => {
      const now = Date.now()
      const hour = now - (now % HOUR_MS)
      const key = `${connectionId} ${flowId} ${hour}`
      const known = gathered.get(key)
      if (known) {
        known.count += 1
        known.lastAt = now
      } else gathered.set(key, { workspaceId, connectionId, flowId, hour, count: 1, lastAt: now })
      if (gathered.size >= GATHERED_MAX) write()
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      write()
      await writing
    },
  }
}
