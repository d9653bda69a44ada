import { type ConnectionId, type Fault, type FaultFacts, type FlowId, newId, userFault, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Environment, FlowState, Tables } from '../tables.ts'
import { isUniqueViolation } from './violations.ts'

export type FlowRow = {
  id: FlowId
  workspaceId: WorkspaceId
  name: string
  state: FlowState
  stateFault: FaultFacts | null
  environment: Environment
  draft: object
  draftRevision: number
  version: number | null
  template: string | null
  createdAt: number
  updatedAt: number
}
export type FlowVersion = { version: number; definition: object; note: string | null; publishedAt: number }
/** Slot → the connections behind it. Only the trigger's slot may have more than one. */
export type Bindings = Record<string, ConnectionId[]>

export type FlowsRepository = {
  list(workspaceId: WorkspaceId): Promise<FlowRow[]>
  find(workspaceId: WorkspaceId, id: FlowId): Promise<FlowRow | undefined>
  findByName(workspaceId: WorkspaceId, name: string): Promise<FlowRow | undefined>
  create(input: { workspaceId: WorkspaceId; name: string; environment: Environment; draft: object; template?: string }): Promise<FlowRow>
  /** Saves the draft when it still has the revision the editor started from; a conflict is a user fault that says so. */
  saveDraft(workspaceId: WorkspaceId, id: FlowId, draft: { name: string; definition: object; fromRevision: number }): Promise<FlowRow>
  bindings(id: FlowId): Promise<Bindings>
  /** Of all flows at once: published definitions and bindings, for the list. */
  published(workspaceId: WorkspaceId): Promise<Map<FlowId, object>>
  allBindings(workspaceId: WorkspaceId): Promise<Map<FlowId, Bindings>>
  setBindings(id: FlowId, bindings: Bindings): Promise<void>
  setState(id: FlowId, state: FlowState, fault?: FaultFacts): Promise<void>
  setEnvironment(id: FlowId, environment: Environment): Promise<void>
  /**
   * Draft, accounts and environment change together, and a flow that was on is paused: the version it has was made for the sandbox and must not
   * run with live accounts. Throws `flow.changed_elsewhere` as `saveDraft` does.
   */
  moveToLive(workspaceId: WorkspaceId, id: FlowId, to: { definition: object; bindings: Bindings; fromRevision: number }): Promise<void>
  /** Adds a version and makes it the published one; answers its number. */
  addVersion(id: FlowId, definition: object, note: string | undefined): Promise<number>
  version(id: FlowId, version: number): Promise<FlowVersion | undefined>
  versions(id: FlowId): Promise<FlowVersion[]>
  remove(workspaceId: WorkspaceId, id: FlowId): Promise<boolean>
}

type Row = {
  id: FlowId
  workspace_id: WorkspaceId
  name: string
  state: FlowState
  state_fault: FaultFacts | null
  environment: Environment
  draft: object
  draft_revision: number
  version: number | null
  template: string | null
  created_at: Date
  updated_at: Date
}

const toFlow = (row: Row): FlowRow => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  state: row.state,
  stateFault: row.state_fault,
  environment: row.environment,
  draft: row.draft,
  draftRevision: row.draft_revision,
  version: row.version,
  template: row.template,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

const nameTaken = (name: string) =>
  userFault({
    code: 'flow.name_taken',
    message: `There is already a flow named "${name}".`,
    hint: 'Choose another name.',
    fields: { name: 'is taken' },
  })

function changedElsewhere(current: FlowRow | undefined, fromRevision: number): Fault {
  if (!current)
    return userFault({ code: 'flow.not_found', message: 'This flow does not exist any more.', hint: 'Go back to the list of flows.' })
  return userFault({
    code: 'flow.changed_elsewhere',
    message: `Someone saved this flow meanwhile (revision ${current.draftRevision}, you started from ${fromRevision}).`,
    hint: 'Load their version and apply your change again, or save yours under another name.',
    details: { revision: current.draftRevision },
  })
}

async function bind(tx: Transaction<Tables>, id: FlowId, bindings: Bindings): Promise<void> {
  await tx.deleteFrom('flow_bindings').where('flow_id', '=', id).execute()
  const rows = Object.entries(bindings).flatMap(([slot, ids]) => ids.map((connection_id) => ({ flow_id: id, slot, connection_id })))
  if (rows.length > 0) await tx.insertInto('flow_bindings').values(rows).execute()
}

/** Flows, their versions, and which connections stand behind their slots. */
export function flowsRepository(db: Kysely<Tables>): FlowsRepository {
  const find = async (workspaceId: WorkspaceId, id: FlowId) => {
    const row = await db.selectFrom('flows').selectAll().where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
    return row && toFlow(row)
  }
  return {
    list: async (workspaceId) =>
      (await db.selectFrom('flows').selectAll().where('workspace_id', '=', workspaceId).orderBy('name').execute()).map(toFlow),
    find,
    findByName: async (workspaceId, name) => {
      const row = await db
        .selectFrom('flows')
        .selectAll()
        .where('workspace_id', '=', workspaceId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && toFlow(row)
    },
    create: async (input) => {
      try {
        const row = await db
          .insertInto('flows')
          .values({
            id: newId('flow'),
            workspace_id: input.workspaceId,
            name: input.name,
            environment: input.environment,
            draft: JSON.stringify(input.draft),
            template: input.template ?? null,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        return toFlow(row)
      } catch (error) {
        throw isUniqueViolation(error) ? nameTaken(input.name) : error
      }
    },
    saveDraft: async (workspaceId, id, draft) => {
      try {
        const row = await db
          .updateTable('flows')
          .set({
            draft: JSON.stringify(draft.definition),
            name: draft.name,
            draft_revision: sql`draft_revision + 1`,
            updated_at: new Date(),
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .where('draft_revision', '=', draft.fromRevision)
          .returningAll()
          .executeTakeFirst()
        if (row) return toFlow(row)
      } catch (error) {
        throw isUniqueViolation(error) ? nameTaken(draft.name) : error
      }
      throw changedElsewhere(await find(workspaceId, id), draft.fromRevision)
    },
    bindings: async (id) => {
      const rows = await db
        .selectFrom('flow_bindings')
        .selectAll()
        .where('flow_id', '=', id)
        .orderBy('slot')
        .orderBy('connection_id')
        .execute()
      const bindings: Bindings = {}
      for (const row of rows) (bindings[row.slot] ??= []).push(row.connection_id)
      return bindings
    },
    published: async (workspaceId) => {
      const rows = await db
        .selectFrom('flow_versions as v')
        .innerJoin('flows as f', (join) => join.onRef('f.id', '=', 'v.flow_id').onRef('f.version', '=', 'v.version'))
        .select(['v.flow_id', 'v.definition'])
        .where('f.workspace_id', '=', workspaceId)
        .execute()
      return new Map(rows.map((row) => [row.flow_id, row.definition]))
    },
    allBindings: async (workspaceId) => {
      const rows = await db
        .selectFrom('flow_bindings as b')
        .innerJoin('flows as f', 'f.id', 'b.flow_id')
        .selectAll('b')
        .where('f.workspace_id', '=', workspaceId)
        .orderBy('b.slot')
        .orderBy('b.connection_id')
        .execute()
      const all = new Map<FlowId, Bindings>()
      for (const row of rows) {
        const bindings = all.get(row.flow_id) ?? {}
        ;(bindings[row.slot] ??= []).push(row.connection_id)
        all.set(row.flow_id, bindings)
      }
      return all
    },
    setBindings: (id, bindings) => db.transaction().execute((tx) => bind(tx, id, bindings)),
    moveToLive: (workspaceId, id, to) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('flows')
          .set((eb) => ({
            draft: JSON.stringify(to.definition),
            draft_revision: sql`draft_revision + 1`,
            environment: 'live' as const,
            state: eb.case().when('state', '=', 'on').then('paused').else(eb.ref('state')).end() as never,
            updated_at: new Date(),
          }))
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .where('draft_revision', '=', to.fromRevision)
          .returning('id')
          .executeTakeFirst()
        if (!row) throw changedElsewhere(await find(workspaceId, id), to.fromRevision)
        await bind(tx, id, to.bindings)
      }),
    setState: async (id, state, fault) => {
      await db
        .updateTable('flows')
        .set({ state, state_fault: fault ? JSON.stringify(fault) : null, updated_at: new Date() })
        .where('id', '=', id)
        .execute()
    },
    setEnvironment: async (id, environment) => {
      await db.updateTable('flows').set({ environment, updated_at: new Date() }).where('id', '=', id).execute()
    },
    addVersion: (id, definition, note) =>
      db.transaction().execute(async (tx) => {
        await tx.selectFrom('flows').select('id').where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
        const last = await tx
          .selectFrom('flow_versions')
          .select((eb) => eb.fn.max('version').as('version'))
          .where('flow_id', '=', id)
          .executeTakeFirst()
        const version = (last?.version ?? 0) + 1
        await tx
          .insertInto('flow_versions')
          .values({ flow_id: id, version, definition: JSON.stringify(definition), note: note ?? null })
          .execute()
        await tx.updateTable('flows').set({ version, updated_at: new Date() }).where('id', '=', id).execute()
        return version
      }),
    version: async (id, version) => {
      const row = await db
        .selectFrom('flow_versions')
        .selectAll()
        .where('flow_id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return row && { version: row.version, definition: row.definition, note: row.note, publishedAt: row.published_at.getTime() }
    },
    versions: async (id) => {
      const rows = await db.selectFrom('flow_versions').selectAll().where('flow_id', '=', id).orderBy('version', 'desc').execute()
      return rows.map((row) => ({
        version: row.version,
        definition: row.definition,
        note: row.note,
        publishedAt: row.published_at.getTime(),
      }))
    },
    remove: async (workspaceId, id) => {
      const result = await db.deleteFrom('flows').where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
  }
}
