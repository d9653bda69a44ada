import {
  type ConnectionId,
  type FaultFacts,
  type FlowId,
  type GrantId,
  type JsonObject,
  newId,
  userFault,
  type WorkspaceId,
} from '@couplet/core'
import { type Kysely, sql } from 'kysely'
import type { ConnectionState, Environment, Granted, Tables, TestResult } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'
import { openTexts, sealTexts } from './sealed-texts.ts'

/** A connection without its secrets: what lists and screens see. */
export type Connection = {
  id: ConnectionId
  workspaceId: WorkspaceId
  connector: string
  name: string
  environment: Environment
  /** Base URL when it is not the connector's own. */
  origin: string | null
  facts: JsonObject
  optedIn: readonly string[]
  /** The consent its token comes from; null when its secrets were entered. */
  grantId: GrantId | null
  /** The vendor's id of the app that the consent was given to. */
  appClientId: string | null
  tokenExpiresAt: number | null
  /** What is known of its permissions; null before the first test. */
  granted: Granted | null
  testedAt: number | null
  testResult: TestResult | null
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
  facts: JsonObject
  secrets: Record<string, string>
  grant?: { id: GrantId; tokenExpiresAt: number; scopes: readonly string[] }
}

/** A new access token of a connection. */
export type NewToken = { token: string; expiresAt: number; scopes: readonly string[] }

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
  /** Keeps the last test, and what it saw of the permissions when it saw any. */
  keepTest(id: ConnectionId, result: TestResult, granted: Granted | undefined): Promise<void>
  /** Notes permissions that the vendor was just seen to refuse. Leaves alone what is known for sure (a consent's list). */
  noteLacking(id: ConnectionId, scopes: readonly string[]): Promise<void>
  /** Lets one caller in all processes give the connection a new token; as `GrantsRepository.rotate`. */
  renew(id: ConnectionId, work: (connection: OpenedConnection) => Promise<NewToken | undefined>): Promise<OpenedConnection | undefined>
  /** The connections whose tokens come from this consent. */
  ofGrant(id: GrantId): Promise<Connection[]>
  /** Refuses while a flow uses it, naming the flows. */
  remove(workspaceId: WorkspaceId, id: ConnectionId): Promise<boolean>
  usedBy(id: ConnectionId): Promise<{ flowId: FlowId; flowName: string; slot: string }[]>
}

const APP_CLIENT_ID = sql<string | null>`(
  select a.client_id from oauth_grants g join oauth_apps a on a.id = g.app_id where g.id = connections.grant_id)`.as('app_client_id')

const COLUMNS = [
  'id',
  'workspace_id',
  'connector',
  'name',
  'environment',
  'origin',
  'facts',
  'opted_in',
  'grant_id',
  APP_CLIENT_ID,
  'token_expires_at',
  'granted',
  'tested_at',
  'test_result',
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
  facts: JsonObject
  opted_in: string[]
  grant_id: GrantId | null
  app_client_id: string | null
  token_expires_at: Date | null
  granted: Granted | null
  tested_at: Date | null
  test_result: TestResult | null
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
  grantId: row.grant_id,
  appClientId: row.app_client_id,
  tokenExpiresAt: row.token_expires_at?.getTime() ?? null,
  granted: row.granted,
  testedAt: row.tested_at?.getTime() ?? null,
  testResult: row.test_result,
  state: row.state,
  stateFault: row.state_fault,
  lastUsedAt: row.last_used_at?.getTime() ?? null,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

/** A consent names all permissions it gives. */
const allGranted = (scopes: readonly string[]): Granted => ({ known: 'all', has: [...scopes], lacks: [], at: Date.now() })

/** Connections and their sealed secrets. The vault binds every envelope to the connection's id. */
export function connectionsRepository(db: Kysely<Tables>, vault: Vault): ConnectionsRepository {
  const seal = (id: ConnectionId, secrets: Record<string, string>) => sealTexts(vault, id, secrets)
  const opened = (row: Row & { secrets: Buffer }): OpenedConnection => ({
    ...toConnection(row),
    secrets: openTexts(vault, row.id, row.secrets),
  })
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
      return row && opened(row)
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
          ...(input.grant
            ? {
                grant_id: input.grant.id,
                token_expires_at: new Date(input.grant.tokenExpiresAt),
                granted: JSON.stringify(allGranted(input.grant.scopes)),
              }
            : {}),
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
          ...(changes.secrets === undefined
            ? {}
            : {
                secrets: seal(id, changes.secrets),
                state: 'ready' as const,
                state_fault: null,
                granted: null,
                tested_at: null,
                test_result: null,
              }),
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
    keepTest: async (id, result, granted) => {
      await db
        .updateTable('connections')
        .set({
          tested_at: new Date(),
          test_result: JSON.stringify(result),
          ...(granted ? { granted: JSON.stringify(granted) } : {}),
        })
        .where('id', '=', id)
        .execute()
    },
    noteLacking: (id, scopes) =>
      db.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('connections').select('granted').where('id', '=', id).forUpdate().executeTakeFirst()
        if (!row || row.granted?.known === 'all' || scopes.every((scope) => row.granted?.lacks.includes(scope))) return
        const granted: Granted = {
          known: 'some',
          has: (row.granted?.has ?? []).filter((scope) => !scopes.includes(scope)),
          lacks: [...new Set([...(row.granted?.lacks ?? []), ...scopes])],
          at: Date.now(),
        }
        await tx
          .updateTable('connections')
          .set({ granted: JSON.stringify(granted) })
          .where('id', '=', id)
          .execute()
      }),
    renew: (id, work) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('connections')
          .select([...COLUMNS, 'secrets'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!row) return undefined
        const connection = opened(row)
        const renewed = await work(connection)
        if (!renewed) return connection
        const secrets = { ...connection.secrets, token: renewed.token }
        const granted = allGranted(renewed.scopes)
        await tx
          .updateTable('connections')
          .set({
            secrets: seal(id, secrets),
            token_expires_at: new Date(renewed.expiresAt),
            granted: JSON.stringify(granted),
            state: 'ready',
            state_fault: null,
          })
          .where('id', '=', id)
          .execute()
        return { ...connection, secrets, granted, tokenExpiresAt: renewed.expiresAt, state: 'ready', stateFault: null }
      }),
    ofGrant: async (id) =>
      (await db.selectFrom('connections').select(COLUMNS).where('grant_id', '=', id).orderBy('name').execute()).map(toConnection),
    remove: async (workspaceId, id) => {
      // Of another workspace's connection not even its flows are told.
      if (!(await find(workspaceId, id))) return false
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
