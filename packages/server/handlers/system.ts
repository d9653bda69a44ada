import { memoryUsage, uptime } from 'node:process'
import { lastRemoval, retentionRules, setRetentionRules } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { notPermitted } from '../people/caller.ts'
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
    retention: async ({ context }) => {
      const [rules, last] = await Promise.all([retentionRules(store), lastRemoval(store)])
      return {
        rules,
        isSetHere: workspaceOf(context) === FIRST_WORKSPACE,
        ...(last === undefined ? {} : { last: { at: iso(last.at), removed: last.removed } }),
      }
    },
    setRetention: async ({ body, context }) => {
      if (workspaceOf(context) !== FIRST_WORKSPACE)
        throw notPermitted(
          'How long things are kept holds for the whole installation and is set from its first workspace.',
          'Ask an admin of the first workspace.',
        )
      await setRetentionRules(store, body)
      return { ok: true }
    },
  }
}
