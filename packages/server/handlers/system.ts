import { memoryUsage, uptime } from 'node:process'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { VERSION } from '../version.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'

export function systemHandlers(parts: ServerParts): Handlers['system'] {
  const { store, governor } = parts.engine
  return {
    get: async ({ context }) => {
      const [workers, runs, database] = await Promise.all([
        store.workers.list(),
        store.runs.counts(workspaceOf(context)),
        store.settings.serverVersion(),
      ])
      const { rss, heapUsed } = memoryUsage()
      return {
        version: VERSION,
        node: process.version,
        startedAt: iso(parts.installation.startedAt),
        uptimeMs: Math.round(uptime() * 1_000),
        publicAddress: parts.publicAddress(),
        database: { kind: parts.installation.database, version: database },
        memory: { rssBytes: rss, heapUsedBytes: heapUsed },
        roles: [...parts.installation.roles],
        workers: workers.map((worker) => ({ id: worker.id, startedAt: iso(worker.startedAt), seenAt: iso(worker.seenAt) })),
        runs,
        quota: (await governor.usage()).map((row) => ({ ...row })),
      }
    },
  }
}
