import { type AuditId, type JsonObject, newId, type PersonId, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql } from 'kysely'
import type { Pool } from 'pg'
import type { ActorKind, Tables } from '../tables.ts'

export type AuditEvent = {
  /** Null: it concerns a person and no workspace; everybody who shares a workspace with them and may read the log sees it. */
  workspaceId: WorkspaceId | null
  event: string
  actorKind: ActorKind
  personId: PersonId | null
  actor: string
  via: string | null
  ip: string | null
  /** Of the request it was done by, as the caller was told it. */
  requestId: string | null
  /** What it was done to, by kind: `{ flow: 'flow_…' }`. */
  objects: Record<string, string>
  /** The values that changed, never secrets. */
  before: JsonObject | null
  after: JsonObject | null
}
export type WrittenEvent = AuditEvent & { id: AuditId; at: number }

export type AuditFilter = {
  /** An event, or a family of them as `flow.`. */
  event?: string | undefined
  person?: PersonId | undefined
  /** An id among the objects. */
  object?: string | undefined
  /** An id among the objects, of the event itself, of who did it or by what, or of the request. */
  about?: string | undefined
  from?: number | undefined
  to?: number | undefined
  before?: AuditId | undefined
  limit: number
}

export type SecretUse = {
  connectionId: string
  connectionName: string | null
  flowId: string | null
  flowName: string | null
  hour: number
  count: number
  lastAt: number
}
export type SecretUseNote = { workspaceId: string; connectionId: string; flowId: string; hour: number; count: number; lastAt: number }

export type AuditRepository = {
  write(event: AuditEvent): Promise<void>
  /** Newest first. */
  list(workspaceId: WorkspaceId, filter: AuditFilter): Promise<WrittenEvent[]>
  /** Adds to the counts. A flow that does not exist stands for a person's own call. */
  noteSecretUses(notes: readonly SecretUseNote[]): Promise<void>
  secretUses(workspaceId: WorkspaceId, limit: number): Promise<SecretUse[]>
  /** Removes what is older than each workspace wants, at most `limit` rows of each table; answers how many. */
  removeOld(limit: number): Promise<number>
}

const COLUMNS = [
  'id',
  'workspace_id',
  'at',
  'event',
  'actor_kind',
  'person_id',
  'actor',
  'via',
  'ip',
  'request_id',
  'objects',
  'before',
  'after',
] as const

const NOTE = `
  insert into secret_uses (workspace_id, connection_id, flow_id, hour, count, last_at)
  select n.workspace, n.connection, coalesce(f.id, ''), to_timestamp(n.hour / 1000.0), sum(n.count), to_timestamp(max(n.last) / 1000.0)
  from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::int[], $6::float8[]) as n (workspace, connection, flow, hour, count, last)
  left join flows f on f.id = n.flow
  where exists (select from workspaces w where w.id = n.workspace)
  group by 1, 2, 3, 4
  on conflict (workspace_id, connection_id, flow_id, hour) do update set
    count = secret_uses.count + excluded.count, last_at = greatest(secret_uses.last_at, excluded.last_at)`

const USES = `
  select u.connection_id as "connectionId", c.name as "connectionName", nullif(u.flow_id, '') as "flowId", f.name as "flowName",
    extract(epoch from u.hour)::float8 * 1000 as hour, u.count, extract(epoch from u.last_at)::float8 * 1000 as "lastAt"
  from secret_uses u left join connections c on c.id = u.connection_id left join flows f on f.id = u.flow_id
  where u.workspace_id = $1 order by u.hour desc, u.count desc limit $2`

/** Longest any event without a workspace is kept. */
const DAYS_WITHOUT_WORKSPACE = 400

const REMOVE_EVENTS = `
  delete from audit_events where id in (
    select e.id from audit_events e left join workspaces w on w.id = e.workspace_id
    where e.at < now() - coalesce(w.audit_days, ${DAYS_WITHOUT_WORKSPACE}) * interval '1 day' order by e.id limit $1)`
const REMOVE_USES = `
  delete from secret_uses where ctid in (
    select u.ctid from secret_uses u join workspaces w on w.id = u.workspace_id
    where u.hour < now() - w.audit_days * interval '1 day' limit $1)`

/** As the index has it. */
const names = (id: string) => sql<boolean>`jsonb_path_query_array(objects, '$.*') ? ${id}`

/** What was done, by whom. Rows are only ever added; a trigger in the database sees to that. */
export function auditRepository(db: Kysely<Tables>, pool: Pool): AuditRepository {
  return {
    write: async (event) => {
      await db
        .insertInto('audit_events')
        .values({
          id: newId('aud'),
          workspace_id: event.workspaceId,
          event: event.event,
          actor_kind: event.actorKind,
          person_id: event.personId,
          actor: event.actor,
          via: event.via,
          ip: event.ip,
          request_id: event.requestId,
          objects: JSON.stringify(event.objects),
          before: event.before && JSON.stringify(event.before),
          after: event.after && JSON.stringify(event.after),
        })
        .execute()
    },
    list: async (workspaceId, filter) => {
      let query = db
        .selectFrom('audit_events')
        .select(COLUMNS)
        .where((eb) =>
          eb.or([
            eb('workspace_id', '=', workspaceId),
            eb.and([
              eb('workspace_id', 'is', null),
              eb('person_id', 'in', eb.selectFrom('memberships').select('person_id').where('workspace_id', '=', workspaceId)),
            ]),
          ]),
        )
      if (filter.event !== undefined)
        query = filter.event.endsWith('.')
          ? query.where((eb) => eb.fn('starts_with', ['event', sql.val(filter.event)]))
          : query.where('event', '=', filter.event)
      if (filter.person !== undefined) query = query.where('person_id', '=', filter.person)
      if (filter.object !== undefined) query = query.where(names(filter.object))
      const { about } = filter
      if (about !== undefined)
        query = query.where((eb) =>
          eb.or([names(about), ...(['id', 'person_id', 'via', 'request_id'] as const).map((column) => eb(column, '=', about as never))]),
        )
      if (filter.from !== undefined) query = query.where('at', '>=', new Date(filter.from))
      if (filter.to !== undefined) query = query.where('at', '<', new Date(filter.to))
      if (filter.before !== undefined) query = query.where('id', '<', filter.before)
      const rows = await query.orderBy('id', 'desc').limit(filter.limit).execute()
      return rows.map((row) => ({
        id: row.id,
        workspaceId: row.workspace_id,
        at: row.at.getTime(),
        event: row.event,
        actorKind: row.actor_kind,
        personId: row.person_id,
        actor: row.actor,
        via: row.via,
        ip: row.ip,
        requestId: row.request_id,
        objects: row.objects,
        before: row.before,
        after: row.after,
      }))
    },
    noteSecretUses: async (notes) => {
      await pool.query(NOTE, [
        notes.map((note) => note.workspaceId),
        notes.map((note) => note.connectionId),
        notes.map((note) => note.flowId),
        notes.map((note) => note.hour),
        notes.map((note) => note.count),
        notes.map((note) => note.lastAt),
      ])
    },
    secretUses: async (workspaceId, limit) => (await pool.query<SecretUse>(USES, [workspaceId, limit])).rows,
    removeOld: async (limit) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query("set local couplet.audit_retention = 'on'")
        const events = (await client.query(REMOVE_EVENTS, [limit])).rowCount ?? 0
        await client.query('commit')
        return events + ((await client.query(REMOVE_USES, [limit])).rowCount ?? 0)
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
  }
}
