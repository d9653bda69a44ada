import { asId } from '@couplet/core'
import type { AuditFilter, WrittenEvent } from '@couplet/store'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { csvText } from '../statistics/csv.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const EXPORT_MAX = 50_000
const COLUMNS = ['at', 'event', 'actor', 'actor kind', 'person', 'ip', 'via', 'objects', 'before', 'after', 'id']

type Asked = {
  event?: string | undefined
  person?: string | undefined
  object?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Ids that name nobody find nothing. */
function filterOf(asked: Asked): Omit<AuditFilter, 'limit' | 'before'> {
  const person = asked.person === undefined ? undefined : asId('per', asked.person)
  if (asked.person !== undefined && !person) throw notFound('person', asked.person)
  return {
    event: asked.event,
    person,
    object: asked.object,
    from: asked.from === undefined ? undefined : Date.parse(asked.from),
    to: asked.to === undefined ? undefined : Date.parse(asked.to),
  }
}

const view = ({ workspaceId: _workspaceId, at, ...event }: WrittenEvent) => ({ ...event, at: iso(at) })

export function auditHandlers(parts: ServerParts): Handlers['audit'] {
  const { audit } = parts.engine.store
  return {
    list: async ({ query, context }) => {
      const before = query.before === undefined ? undefined : asId('aud', query.before)
      if (query.before !== undefined && !before) throw notFound('event', query.before)
      const events = await audit.list(workspaceOf(context), { ...filterOf(query), before, limit: query.limit })
      return { events: events.map(view), next: events.length === query.limit ? (events.at(-1)?.id ?? null) : null }
    },
    export: async ({ query, context }) => {
      const events = await audit.list(workspaceOf(context), { ...filterOf(query), limit: EXPORT_MAX })
      if (query.format === 'json')
        return { name: 'audit-log.json', contentType: 'application/json', bytes: JSON.stringify(events.map(view), undefined, 2) }
      const text = (value: unknown): string => (value === null ? '' : JSON.stringify(value))
      const rows = events.map((event) => [
        iso(event.at),
        event.event,
        event.actor,
        event.actorKind,
        event.personId,
        event.ip,
        event.via,
        text(event.objects),
        text(event.before),
        text(event.after),
        event.id,
      ])
      return { name: 'audit-log.csv', contentType: 'text/csv; charset=utf-8', bytes: csvText(COLUMNS, rows) }
    },
    secretUses: async ({ query, context }) => ({
      uses: (await audit.secretUses(workspaceOf(context), query.limit)).map(({ hour, lastAt, ...use }) => ({
        ...use,
        hour: iso(hour),
        lastAt: iso(lastAt),
      })),
    }),
  }
}
