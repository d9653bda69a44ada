import { type ConnectionId, type FaultFacts, type FlowId, newId, userFault, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { ConnectionState, Environment, Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'

/** A connection without its secrets: what lists and screens see. */
export type Connection = {
  id: ConnectionId
  workspaceId: WorkspaceId
  connector: string
  name: string
  environment: Environment
  /** Base URL when it is not the connector's own. */
  origin: string | null
  facts: Record<string, string>
  optedIn: readonly string[]
  state: ConnectionState
  stateFault: FaultFacts | null
  lastUsedAt: number | null
  createdAt: number
  updatedAt: number
}

/** A connection with its secrets opened. Only the engine's outbound side holds one, and only in memory. */
export type OpenedConnection = Connection & { secrets: Record<string, string> }

export type ConnectionInput = {
  workspaceId: WorkspaceId
  connector: string
  name: string
  environment: Environment
  origin: string | null
  facts: Record<string, string>
  secrets: Record<string, string>
}

export type ConnectionsRepository = {
  list(workspaceId: WorkspaceId): Promise<Connection[]>
  find(workspaceId: WorkspaceId, id: ConnectionId): Promise<Connection | undefined>
  /** With secrets opened. Not scoped by workspace: for the engine, which got the id from a run. */
  open(id: ConnectionId): Promise<OpenedConnection | undefined>
  create(input: ConnectionInput): Promise<Connection>
  /** Changes what is given; new secrets replace the old ones as a whole. */
  update(
    workspaceId: WorkspaceId,
    id: ConnectionId,
    changes: Partial<Pick<ConnectionInput, 'name' | 'origin' | 'facts' | 'secrets'>> & { optedIn?: readonly string[] },
  ): Promise<Connection | undefined>
  setState(id: ConnectionId, state: ConnectionState, fault: FaultFacts | null): Promise<void>
  touch(ids: readonly ConnectionId[]): Promise<void>
  /** Refuses while a flow uses it, naming the flows. */
  remove(workspaceId: WorkspaceId, id: ConnectionId): Promise<boolean>
  usedBy(id: ConnectionId): Promise<{ flowId: FlowId; flowName: string; slot: string }[]>
}

const COLUMNS = [
  'id',
  'workspace_id',
  'connector',
  'name',
  'environment',
  'origin',
  'facts',
  'opted_in',
  'state',
  'state_fault',
  'last_used_at',
  'created_at',
  'updated_at',
] as const

type Row = {
  id: ConnectionId
  workspace_id: WorkspaceId
  connector: string
  name: string
  environment: Environment
  origin: string | null
  facts: Record<string, string>
  opted_in: string[]
  state: ConnectionState
  state_fault: FaultFacts | null
  last_used_at: Date | null
  created_at: Date
  updated_at: Date
}

const toConnection = (row: Row): Connection => ({
  id: row.id,
  workspaceId: row.workspace_id,
  connector: row.connector,
  name: row.name,
  environment: row.environment,
  origin: row.origin,
  facts: row.facts,
  optedIn: row.opted_in,
  state: row.state,
  stateFault: row.state_fault,
  lastUsedAt: row.last_used_at?.getTime() ?? null,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

/** Connections and their sealed secrets. The vault binds every envelope to the connection's id. */
export function connectionsRepository(db: Kysely<Tables>, vault: Vault): ConnectionsRepository {
  const seal = (id: ConnectionId, secrets: Record<string, string>) => Buffer.from(vault.seal(JSON.stringify(secrets), id))
  const find = async (workspaceId: WorkspaceId, id: ConnectionId) => {
    const row = await db
      .selectFrom('connections')
      .select(COLUMNS)
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row && toConnection(row)
  }
  const usedBy = (id: ConnectionId) =>
    db
      .selectFrom('flow_bindings as b')
      .innerJoin('flows as f', 'f.id', 'b.flow_id')
      .select(['f.id as flowId', 'f.name as flowName', 'b.slot as slot'])
      .where('b.connection_id', '=', id)
      .orderBy('f.name')
      .execute()

  return {
    list: async (workspaceId) => {
      const rows = await db
        .selectFrom('connections')
        .select(COLUMNS)
        .where('workspace_id', '=', workspaceId)
        .orderBy('connector')
        .orderBy('name')
        .execute()
      return rows.map(toConnection)
    },
    find,
    open: async (id) => {
      const row = await db
        .selectFrom('connections')
        .select([...COLUMNS, 'secrets'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return undefined
      const secrets: unknown = JSON.parse(new TextDecoder().decode(vault.open(row.secrets, id)))
      return { ...toConnection(row), secrets: secrets as Record<string, string> }
    },
    create: async (input) => {
      const id = newId('con')
      const taken = await db
        .selectFrom('connections')
        .select('id')
        .where('workspace_id', '=', input.workspaceId)
        .where('name', '=', input.name)
        .executeTakeFirst()
      if (taken)
        throw userFault({
          code: 'connection.name_taken',
          message: `There is already a connection named "${input.name}".`,
          hint: 'Choose another name.',
          fields: { name: 'is taken' },
        })
      const row = await db
        .insertInto('connections')
        .values({
          id,
          workspace_id: input.workspaceId,
          connector: input.connector,
          name: input.name,
          environment: input.environment,
          origin: input.origin,
          facts: JSON.stringify(input.facts),
          secrets: seal(id, input.secrets),
        })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      return toConnection(row)
    },
    update: async (workspaceId, id, changes) => {
      const row = await db
        .updateTable('connections')
        .set({
          updated_at: new Date(),
          ...(changes.name === undefined ? {} : { name: changes.name }),
          ...(changes.origin === undefined ? {} : { origin: changes.origin }),
          ...(changes.facts === undefined ? {} : { facts: JSON.stringify(changes.facts) }),
          ...(changes.secrets === undefined ? {} : { secrets: seal(id, changes.secrets), state: 'ready' as const, state_fault: null }),
          ...(changes.optedIn === undefined ? {} : { opted_in: [...changes.optedIn] }),
        })
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirst()
      return row && toConnection(row)
    },
    setState: async (id, state, fault) => {
      await db
        .updateTable('connections')
        .set({ state, state_fault: fault === null ? null : JSON.stringify(fault) })
        .where('id', '=', id)
        .execute()
    },
    touch: async (ids) => {
      if (ids.length > 0) await db.updateTable('connections').set({ last_used_at: new Date() }).where('id', 'in', ids).execute()
    },
    remove: async (workspaceId, id) => {
      const users = await usedBy(id)
      if (users.length > 0)
        throw userFault({
          code: 'connection.in_use',
          message: `This connection is used by ${users.map((user) => `"${user.flowName}"`).join(', ')}.`,
          hint: 'Choose another connection in those flows first.',
        })
      const result = await db.deleteFrom('connections').where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    usedBy,
  }
}
