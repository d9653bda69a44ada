import { type FaultFacts, type GrantId, newId, type OAuthAppId, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { AgencyAccountRow, ConnectionState, GrantLevel, Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'
import { openTexts, sealTexts } from './sealed-texts.ts'

/** A consent that was given, without its tokens. */
export type Grant = {
  id: GrantId
  workspaceId: WorkspaceId
  appId: OAuthAppId
  level: GrantLevel
  name: string
  facts: Record<string, string>
  scopes: readonly string[]
  /** Epoch ms at which the access token ends. */
  expiresAt: number
  /** Counts rotations of the tokens. */
  revision: number
  refreshedAt: number
  retryAt: number | null
  state: ConnectionState
  stateFault: FaultFacts | null
  /** Accounts of an agency, as last read. */
  accounts: readonly AgencyAccountRow[]
  accountsAt: number | null
  createdAt: number
}
export type GrantTokens = { accessToken: string; refreshToken: string; expiresAt: number; scopes: readonly string[] }
export type OpenedGrant = Grant & { accessToken: string; refreshToken: string }
export type GrantInput = GrantTokens & {
  workspaceId: WorkspaceId
  appId: OAuthAppId
  level: GrantLevel
  name: string
  facts: Record<string, string>
}

export type GrantsRepository = {
  list(workspaceId: WorkspaceId): Promise<Grant[]>
  find(workspaceId: WorkspaceId, id: GrantId): Promise<Grant | undefined>
  /** With tokens. Not scoped by workspace: for the engine, which got the id from a connection. */
  open(id: GrantId): Promise<OpenedGrant | undefined>
  create(input: GrantInput): Promise<Grant>
  /** New tokens after a new consent; its connections get theirs with it. */
  replace(id: GrantId, tokens: GrantTokens): Promise<void>
  /**
   * Lets one caller in all processes renew the tokens. `work` is given the newest ones under a lock on the row, and answers new ones or
   * `undefined` for "they are good". New tokens, and those of the account's connection, are saved in the transaction of the lock: who waits
   * for it sees them.
   */
  rotate(id: GrantId, work: (grant: OpenedGrant) => Promise<GrantTokens | undefined>): Promise<OpenedGrant | undefined>
  setState(id: GrantId, state: ConnectionState, fault: FaultFacts | null): Promise<void>
  /** Not before this time (epoch ms) again. */
  putOff(id: GrantId, retryAt: number): Promise<void>
  setAccounts(id: GrantId, accounts: readonly AgencyAccountRow[]): Promise<void>
  /** Grants not refreshed for so long and not put off, the longest first. */
  idle(idleMs: number, limit: number): Promise<GrantId[]>
  /** Agencies whose list of accounts is older than this. */
  unlisted(olderThanMs: number, limit: number): Promise<GrantId[]>
  /** Removes it unless connections use it. */
  removeUnused(id: GrantId): Promise<boolean>
}

const COLUMNS = [
  'id',
  'workspace_id',
  'app_id',
  'level',
  'name',
  'facts',
  'scopes',
  'expires_at',
  'revision',
  'refreshed_at',
  'retry_at',
  'state',
  'state_fault',
  'accounts',
  'accounts_at',
  'created_at',
] as const

type Row = {
  id: GrantId
  workspace_id: WorkspaceId
  app_id: OAuthAppId
  level: GrantLevel
  name: string
  facts: Record<string, string>
  scopes: string[]
  expires_at: Date
  revision: number
  refreshed_at: Date
  retry_at: Date | null
  state: ConnectionState
  state_fault: FaultFacts | null
  accounts: AgencyAccountRow[]
  accounts_at: Date | null
  created_at: Date
}

const toGrant = (row: Row): Grant => ({
  id: row.id,
  workspaceId: row.workspace_id,
  appId: row.app_id,
  level: row.level,
  name: row.name,
  facts: row.facts,
  scopes: row.scopes,
  expiresAt: row.expires_at.getTime(),
  revision: row.revision,
  refreshedAt: row.refreshed_at.getTime(),
  retryAt: row.retry_at?.getTime() ?? null,
  state: row.state,
  stateFault: row.state_fault,
  accounts: row.accounts,
  accountsAt: row.accounts_at?.getTime() ?? null,
  createdAt: row.created_at.getTime(),
})

/** Longest a renewal may hold its row: two calls to the vendor and some. After that the server ends the transaction and others may try. */
const HELD_MS_MAX = 90_000

/** Consents and their tokens. The vault binds every envelope to the grant's id. */
export function grantsRepository(db: Kysely<Tables>, vault: Vault): GrantsRepository {
  const opened = (row: Row & { secrets: Buffer }): OpenedGrant => {
    const { accessToken = '', refreshToken = '' } = openTexts(vault, row.id, row.secrets)
    return { ...toGrant(row), accessToken, refreshToken }
  }
  const seal = (id: GrantId, { accessToken, refreshToken }: GrantTokens) => sealTexts(vault, id, { accessToken, refreshToken })

  const save = async (tx: Transaction<Tables>, id: GrantId, level: GrantLevel, tokens: GrantTokens): Promise<void> => {
    await tx
      .updateTable('oauth_grants')
      .set({
        secrets: seal(id, tokens),
        scopes: [...tokens.scopes],
        expires_at: new Date(tokens.expiresAt),
        revision: sql`revision + 1`,
        refreshed_at: new Date(),
        retry_at: null,
        state: 'ready',
        state_fault: null,
      })
      .where('id', '=', id)
      .execute()
    if (level === 'agency') return
    const granted = JSON.stringify({ known: 'all', has: tokens.scopes, lacks: [], at: Date.now() })
    for (const row of await tx.selectFrom('connections').select(['id', 'secrets']).where('grant_id', '=', id).forUpdate().execute())
      await tx
        .updateTable('connections')
        .set({
          secrets: sealTexts(vault, row.id, { ...openTexts(vault, row.id, row.secrets), token: tokens.accessToken }),
          token_expires_at: new Date(tokens.expiresAt),
          granted,
          state: 'ready',
          state_fault: null,
        })
        .where('id', '=', row.id)
        .execute()
  }

  return {
    list: async (workspaceId) =>
      (await db.selectFrom('oauth_grants').select(COLUMNS).where('workspace_id', '=', workspaceId).orderBy('name').execute()).map(toGrant),
    find: async (workspaceId, id) => {
      const row = await db
        .selectFrom('oauth_grants')
        .select(COLUMNS)
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toGrant(row)
    },
    open: async (id) => {
      const row = await db.selectFrom('oauth_grants').selectAll().where('id', '=', id).executeTakeFirst()
      return row && opened(row)
    },
    create: async (input) => {
      const id = newId('grt')
      const row = await db
        .insertInto('oauth_grants')
        .values({
          id,
          workspace_id: input.workspaceId,
          app_id: input.appId,
          level: input.level,
          name: input.name,
          facts: JSON.stringify(input.facts),
          secrets: seal(id, input),
          scopes: [...input.scopes],
          expires_at: new Date(input.expiresAt),
        })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      return toGrant(row)
    },
    replace: (id, tokens) =>
      db.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('oauth_grants').select('level').where('id', '=', id).forUpdate().executeTakeFirst()
        if (row) await save(tx, id, row.level, tokens)
      }),
    rotate: (id, work) =>
      db.transaction().execute(async (tx) => {
        await sql`select set_config('idle_in_transaction_session_timeout', ${String(HELD_MS_MAX)}, true)`.execute(tx)
        const row = await tx.selectFrom('oauth_grants').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
        if (!row) return undefined
        const grant = opened(row)
        const tokens = await work(grant)
        if (!tokens) return grant
        await save(tx, id, grant.level, tokens)
        return { ...grant, ...tokens, revision: grant.revision + 1 }
      }),
    setState: async (id, state, fault) => {
      await db
        .updateTable('oauth_grants')
        .set({ state, state_fault: fault === null ? null : JSON.stringify(fault) })
        .where('id', '=', id)
        .execute()
    },
    putOff: async (id, retryAt) => {
      await db
        .updateTable('oauth_grants')
        .set({ retry_at: new Date(retryAt) })
        .where('id', '=', id)
        .execute()
    },
    setAccounts: async (id, accounts) => {
      await db
        .updateTable('oauth_grants')
        .set({ accounts: JSON.stringify(accounts), accounts_at: new Date() })
        .where('id', '=', id)
        .execute()
    },
    idle: async (idleMs, limit) => {
      const rows = await db
        .selectFrom('oauth_grants')
        .select('id')
        .where('state', '=', 'ready')
        .where('refreshed_at', '<', new Date(Date.now() - idleMs))
        .where((eb) => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<', new Date())]))
        .orderBy('refreshed_at')
        .limit(limit)
        .execute()
      return rows.map((row) => row.id)
    },
    unlisted: async (olderThanMs, limit) => {
      const rows = await db
        .selectFrom('oauth_grants')
        .select('id')
        .where('state', '=', 'ready')
        .where('level', '=', 'agency')
        .where((eb) => eb.or([eb('accounts_at', 'is', null), eb('accounts_at', '<', new Date(Date.now() - olderThanMs))]))
        .where((eb) => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<', new Date())]))
        .limit(limit)
        .execute()
      return rows.map((row) => row.id)
    },
    removeUnused: async (id) => {
      const result = await db
        .deleteFrom('oauth_grants')
        .where('id', '=', id)
        .where((eb) => eb.not(eb.exists(eb.selectFrom('connections').select('connections.id').where('grant_id', '=', id))))
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
  }
}
