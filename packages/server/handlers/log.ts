import { findInLog } from '../log/find-in-log.ts'
import { nameId } from '../log/name-id.ts'
import { memberAt } from '../people/caller.ts'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import type { Handlers } from './handler.ts'

export function logHandlers(parts: ServerParts): Handlers['log'] {
  return {
    find: async ({ query, context }) => {
      const workspaceId = workspaceOf(context)
      const id = query.id?.trim() === '' ? undefined : query.id?.trim()
      const withAudit = memberAt(context.caller).permissions.has('audit.read')
      const before = query.before === undefined ? undefined : Date.parse(query.before)
      const found = await findInLog(parts, workspaceId, id, { before, limit: query.limit, withAudit })
      return { named: id === undefined ? [] : await nameId(parts, workspaceId, id), ...found, withAudit }
    },
  }
}
