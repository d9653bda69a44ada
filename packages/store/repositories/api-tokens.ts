import { newId, type PersonId, type TokenId, type WorkspaceId } from '@couplet/core'
import { type Kysely, sql } from 'kysely'
import { hashOf, newToken } from '../secret-token.ts'
import type { Tables } from '../tables.ts'

export type ApiToken = {
  id: TokenId
  workspaceId: WorkspaceId
  personId: PersonId
  name: string
  permissions: readonly string[]
  /** Its last letters. */
  ending: string
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}

export type ApiTokensRepository = {
  /** Answers the token itself too, this once. */
  create(input: Pick<ApiToken, 'workspaceId' | 'personId' | 'name' | 'permissions' | 'expiresAt'>): Promise<ApiToken & { token: string }>
  list(workspaceId: WorkspaceId): Promise<ApiToken[]>
  /** A token that has not ended. */
  findByToken(token: string): Promise<ApiToken | undefined>
  /** Notes its use, at most once a minute. */
  touch(id: TokenId): Promise<void>
  remove(workspaceId: WorkspaceId, id: TokenId): Promise<ApiToken | undefined>
}

export const API_TOKEN_PREFIX = 'cpl_'
const ENDING_CHARS = 4

const COLUMNS = ['id', 'workspace_id', 'person_id', 'name', 'permissions', 'ending', 'created_at', 'expires_at', 'last_used_at'] as const

type Row = {
  id: TokenId
  workspace_id: WorkspaceId
  person_id: PersonId
  name: string
  permissions: string[]
  ending: string
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
}
const toToken = (row: Row): ApiToken => ({
  id: row.id,
  workspaceId: row.workspace_id,
  personId: row.person_id,
  name: row.name,
  permissions: row.permissions,
  ending: row.ending,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at?.getTime() ?? null,
  lastUsedAt: row.last_used_at?.getTime() ?? null,
})

/** Tokens by which programs call the API; of each only the hash is kept. */
export function apiTokensRepository(db: Kysely<Tables>): ApiTokensRepository {
  return {
    create: async (input) => {
      const { token, hash } = newToken(API_TOKEN_PREFIX)
      const row = await db
        .insertInto('api_tokens')
        .values({
          id: newId('tok'),
          workspace_id: input.workspaceId,
          person_id: input.personId,
          name: input.name,
          permissions: [...input.permissions],
          token_hash: hash,
          ending: token.slice(-ENDING_CHARS),
          expires_at: input.expiresAt === null ? null : new Date(input.expiresAt),
        })
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
      return { ...toToken(row), token }
    },
    list: async (workspaceId) => {
      const rows = await db.selectFrom('api_tokens').select(COLUMNS).where('workspace_id', '=', workspaceId).orderBy('id', 'desc').execute()
      return rows.map(toToken)
    },
    findByToken: async (token) => {
      const row = await db
        .selectFrom('api_tokens')
        .select(COLUMNS)
        .where('token_hash', '=', hashOf(token))
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date())]))
        .executeTakeFirst()
      return row && toToken(row)
    },
    touch: async (id) => {
      await db
        .updateTable('api_tokens')
        .set({ last_used_at: new Date() })
        .where('id', '=', id)
        .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)]))
        .execute()
    },
    remove: async (workspaceId, id) => {
      const row = await db
        .deleteFrom('api_tokens')
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirst()
      return row && toToken(row)
    },
  }
}
