import { newId, type OAuthAppId, userFault, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Environment, GrantLevel, Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'
import { openTexts, sealTexts } from './sealed-texts.ts'
import { isForeignKeyViolation, isUniqueViolation } from './violations.ts'

/** The workspace's own app at a vendor, without its secret. */
export type OAuthApp = {
  id: OAuthAppId
  workspaceId: WorkspaceId
  connector: string
  environment: Environment
  name: string
  level: GrantLevel
  clientId: string
  /** Consent page; null means the vendor's usual one. */
  authorizeUrl: string | null
  /** Base URL of the API; null means the connector's own. */
  origin: string | null
  usesPkce: boolean
  /** Permissions asked for besides those the flows need. */
  scopes: readonly string[]
  createdAt: number
  updatedAt: number
}
export type OpenedOAuthApp = OAuthApp & { clientSecret: string }
export type OAuthAppInput = Omit<OpenedOAuthApp, 'id' | 'createdAt' | 'updatedAt'>

export type OAuthAppsRepository = {
  list(workspaceId: WorkspaceId): Promise<OAuthApp[]>
  find(workspaceId: WorkspaceId, id: OAuthAppId): Promise<OAuthApp | undefined>
  /** With its secret. Not scoped by workspace: for the engine, which got the id from a grant. */
  open(id: OAuthAppId): Promise<OpenedOAuthApp | undefined>
  create(input: OAuthAppInput): Promise<OAuthApp>
  update(
    workspaceId: WorkspaceId,
    id: OAuthAppId,
    changes: Partial<Pick<OAuthAppInput, 'name' | 'clientId' | 'clientSecret' | 'authorizeUrl' | 'origin' | 'usesPkce' | 'scopes'>>,
  ): Promise<OAuthApp | undefined>
  /** Refuses while a consent depends on it. */
  remove(workspaceId: WorkspaceId, id: OAuthAppId): Promise<boolean>
}

const COLUMNS = [
  'id',
  'workspace_id',
  'connector',
  'environment',
  'name',
  'level',
  'client_id',
  'authorize_url',
  'origin',
  'uses_pkce',
  'scopes',
  'created_at',
  'updated_at',
] as const

type Row = {
  id: OAuthAppId
  workspace_id: WorkspaceId
  connector: string
  environment: Environment
  name: string
  level: GrantLevel
  client_id: string
  authorize_url: string | null
  origin: string | null
  uses_pkce: boolean
  scopes: string[]
  created_at: Date
  updated_at: Date
}

const toApp = (row: Row): OAuthApp => ({
  id: row.id,
  workspaceId: row.workspace_id,
  connector: row.connector,
  environment: row.environment,
  name: row.name,
  level: row.level,
  clientId: row.client_id,
  authorizeUrl: row.authorize_url,
  origin: row.origin,
  usesPkce: row.uses_pkce,
  scopes: row.scopes,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
})

const nameTaken = (name: string) =>
  userFault({
    code: 'app.name_taken',
    message: `There is already an app named "${name}".`,
    hint: 'Choose another name.',
    fields: { name: 'is taken' },
  })

/** The apps by which the workspace asks vendors for consent. The vault binds the secret to the app's id. */
export function oauthAppsRepository(db: Kysely<Tables>, vault: Vault): OAuthAppsRepository {
  const seal = (id: OAuthAppId, clientSecret: string) => sealTexts(vault, id, { clientSecret })
  return {
    list: async (workspaceId) =>
      (await db.selectFrom('oauth_apps').select(COLUMNS).where('workspace_id', '=', workspaceId).orderBy('name').execute()).map(toApp),
    find: async (workspaceId, id) => {
      const row = await db
        .selectFrom('oauth_apps')
        .select(COLUMNS)
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toApp(row)
    },
    open: async (id) => {
      const row = await db.selectFrom('oauth_apps').selectAll().where('id', '=', id).executeTakeFirst()
      return row && { ...toApp(row), clientSecret: openTexts(vault, id, row.client_secret)['clientSecret'] ?? '' }
    },
    create: async (input) => {
      const id = newId('oap')
      try {
        const row = await db
          .insertInto('oauth_apps')
          .values({
            id,
            workspace_id: input.workspaceId,
            connector: input.connector,
            environment: input.environment,
            name: input.name,
            level: input.level,
            client_id: input.clientId,
            client_secret: seal(id, input.clientSecret),
            authorize_url: input.authorizeUrl,
            origin: input.origin,
            uses_pkce: input.usesPkce,
            scopes: [...input.scopes],
          })
          .returning(COLUMNS)
          .executeTakeFirstOrThrow()
        return toApp(row)
      } catch (error) {
        throw isUniqueViolation(error) ? nameTaken(input.name) : error
      }
    },
    update: async (workspaceId, id, changes) => {
      try {
        const row = await db
          .updateTable('oauth_apps')
          .set({
            updated_at: new Date(),
            ...(changes.name === undefined ? {} : { name: changes.name }),
            ...(changes.clientId === undefined ? {} : { client_id: changes.clientId }),
            ...(changes.clientSecret === undefined ? {} : { client_secret: seal(id, changes.clientSecret) }),
            ...(changes.authorizeUrl === undefined ? {} : { authorize_url: changes.authorizeUrl }),
            ...(changes.origin === undefined ? {} : { origin: changes.origin }),
            ...(changes.usesPkce === undefined ? {} : { uses_pkce: changes.usesPkce }),
            ...(changes.scopes === undefined ? {} : { scopes: [...changes.scopes] }),
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .returning(COLUMNS)
          .executeTakeFirst()
        return row && toApp(row)
      } catch (error) {
        throw isUniqueViolation(error) && changes.name !== undefined ? nameTaken(changes.name) : error
      }
    },
    remove: async (workspaceId, id) => {
      try {
        const result = await db.deleteFrom('oauth_apps').where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
        return result.numDeletedRows > 0n
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error
        throw userFault({
          code: 'app.in_use',
          message: 'Accounts are connected through this app.',
          hint: 'Remove those connections first.',
        })
      }
    },
  }
}
