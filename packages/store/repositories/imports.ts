import type { JsonObject, WorkspaceId } from '@couplet/core'
import type { Pool, PoolClient } from 'pg'

export type ImportedApiRow = {
  id: string
  workspaceId: WorkspaceId
  extends: string | null
  title: string
  summary: string
  servers: string[]
  signIn: JsonObject
  revision: number
  source: JsonObject
  /** Epoch ms. */
  importedAt: number
}
export type ImportedOperationRow = {
  apiId: string
  operationId: string
  version: number
  call: string
  facts: JsonObject
  reviewedEffect: string | null
  isCurrent: boolean
}

/** What one import changes of the operations. `facts` of those that are new or have another contract; the rest by id. */
export type OperationChanges = {
  /** First versions and new ones. */
  added: readonly Omit<ImportedOperationRow, 'apiId' | 'isCurrent'>[]
  /** Same contract, perhaps other words: facts of the current version are replaced. */
  kept: readonly Pick<ImportedOperationRow, 'operationId' | 'version' | 'facts'>[]
  /** In no file any more. */
  gone: readonly string[]
}

export type ImportsRepository = {
  list(): Promise<ImportedApiRow[]>
  find(workspaceId: WorkspaceId, id: string): Promise<ImportedApiRow | undefined>
  /** True when no connector of any workspace has this id. */
  isFree(id: string): Promise<boolean>
  operations(id: string): Promise<ImportedOperationRow[]>
  /** Creates the connector or replaces what it says, with its operations, in one transaction; tells all processes. */
  save(api: Omit<ImportedApiRow, 'revision' | 'importedAt'>, changes: OperationChanges): Promise<void>
  /** What a person says of operations, by id; null takes it back. Answers how many there were. */
  review(workspaceId: WorkspaceId, id: string, effects: Readonly<Record<string, string | null>>): Promise<number>
  /** Takes the connector out of the catalogue; versions that flows use stay. */
  remove(workspaceId: WorkspaceId, id: string): Promise<boolean>
  /** Changes whenever any of it does. */
  stamp(): Promise<string>
  /** Calls back when another process has changed something, until `signal` ends it. Lost connections are made anew. */
  watch(onChange: () => void, signal: AbortSignal): void
}

const CHANNEL = 'couplet_imports'
const AGAIN_AFTER_MS = 2_000

type ApiRecord = {
  id: string
  workspace_id: WorkspaceId
  extends: string | null
  title: string
  summary: string
  servers: string[]
  sign_in: JsonObject
  revision: number
  source: JsonObject
  imported_at: Date
}
type OperationRecord = {
  api_id: string
  operation_id: string
  version: number
  call: string
  facts: JsonObject
  reviewed_effect: string | null
  is_current: boolean
}

const apiOf = (row: ApiRecord): ImportedApiRow => ({
  id: row.id,
  workspaceId: row.workspace_id,
  extends: row.extends,
  title: row.title,
  summary: row.summary,
  servers: row.servers,
  signIn: row.sign_in,
  revision: row.revision,
  source: row.source,
  importedAt: row.imported_at.getTime(),
})

/** Imported APIs and their operations in every version. */
export function importsRepository(pool: Pool): ImportsRepository {
  return {
    list: async () =>
      (await pool.query<ApiRecord>('select * from imported_apis where removed_at is null order by title, id')).rows.map(apiOf),
    find: async (workspaceId, id) => {
      const { rows } = await pool.query<ApiRecord>(
        'select * from imported_apis where workspace_id = $1 and id = $2 and removed_at is null',
        [workspaceId, id],
      )
      return rows[0] && apiOf(rows[0])
    },
    isFree: async (id) => (await pool.query('select 1 from imported_apis where id = $1', [id])).rowCount === 0,
    operations: async (id) => {
      const { rows } = await pool.query<OperationRecord>(
        'select * from imported_operations where api_id = $1 order by operation_id, version',
        [id],
      )
      return rows.map((row) => ({
        apiId: row.api_id,
        operationId: row.operation_id,
        version: row.version,
        call: row.call,
        facts: row.facts,
        reviewedEffect: row.reviewed_effect,
        isCurrent: row.is_current,
      }))
    },
    save: (api, changes) => inTransaction(pool, (client) => save(client, api, changes)),
    review: (workspaceId, id, effects) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          `update imported_operations o set reviewed_effect = e.effect
           from (select key as operation_id, value as effect from jsonb_each_text($3::jsonb)) e, imported_apis a
           where o.api_id = a.id and a.id = $2 and a.workspace_id = $1 and o.operation_id = e.operation_id and o.is_current`,
          [workspaceId, id, JSON.stringify(effects)],
        )
        await client.query('update imported_apis set revision = revision + 1 where workspace_id = $1 and id = $2', [workspaceId, id])
        await tell(client)
        return rowCount ?? 0
      }),
    remove: (workspaceId, id) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          'update imported_apis set removed_at = now(), extends = null, revision = revision + 1 where workspace_id = $1 and id = $2 and removed_at is null',
          [workspaceId, id],
        )
        await tell(client)
        return rowCount === 1
      }),
    stamp: async () =>
      (
        await pool.query<{ stamp: string }>(
          "select coalesce(string_agg(id || ':' || revision, ',' order by id), '') as stamp from imported_apis",
        )
      ).rows[0]?.stamp ?? '',
    watch: (onChange, signal) => void watch(pool, onChange, signal),
  }
}

const tell = (client: PoolClient) => client.query(`notify ${CHANNEL}`)

async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

async function save(client: PoolClient, api: Omit<ImportedApiRow, 'revision' | 'importedAt'>, changes: OperationChanges): Promise<void> {
  await client.query(
    `insert into imported_apis (id, workspace_id, extends, title, summary, servers, sign_in, source)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set title = $4, summary = $5, servers = $6, sign_in = $7, source = $8, extends = $3,
       revision = imported_apis.revision + 1, imported_at = now(), removed_at = null
     where imported_apis.workspace_id = $2`,
    [api.id, api.workspaceId, api.extends, api.title, api.summary, api.servers, JSON.stringify(api.signIn), JSON.stringify(api.source)],
  )
  await client.query('update imported_operations set is_current = false where api_id = $1 and operation_id = any($2)', [
    api.id,
    [...changes.gone, ...changes.added.map(({ operationId }) => operationId)],
  ])
  await client.query(
    `insert into imported_operations (api_id, operation_id, version, call, facts, reviewed_effect, is_current)
     select $1, o."operationId", o.version, o.call, o.facts, o."reviewedEffect", true
     from jsonb_to_recordset($2::jsonb) as o("operationId" text, version integer, call text, facts jsonb, "reviewedEffect" text)`,
    [api.id, JSON.stringify(changes.added)],
  )
  await client.query(
    `update imported_operations o set facts = k.facts, is_current = true
     from jsonb_to_recordset($2::jsonb) as k("operationId" text, version integer, facts jsonb)
     where o.api_id = $1 and o.operation_id = k."operationId" and o.version = k.version`,
    [api.id, JSON.stringify(changes.kept)],
  )
  await tell(client)
}

async function watch(pool: Pool, onChange: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = await pool.connect().catch(() => undefined)
    if (client) {
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve())
        client.on('end', () => resolve())
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      client.on('notification', onChange)
      await client.query(`listen ${CHANNEL}`).catch(() => undefined)
      // Whatever was told while nobody listened.
      onChange()
      await lost
      client.removeAllListeners('notification')
      client.release(true)
    }
    if (signal.aborted) return
    await new Promise((resolve) => {
      setTimeout(resolve, AGAIN_AFTER_MS).unref()
    })
  }
}
