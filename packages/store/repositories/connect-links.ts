import { asId, type ConnectionId, type ConnectLinkId, Fault, newId, type OAuthAppId, type WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Environment, Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'

/** A link by which a client connects one account without an account in Couplet. */
export type ConnectLink = {
  id: ConnectLinkId
  workspaceId: WorkspaceId
  workspaceName: string
  connector: string
  environment: Environment
  /** The app that asks for consent; null: secrets are entered. */
  appId: OAuthAppId | null
  name: string
  note: string | null
  origin: string | null
  scopes: readonly string[]
  createdBy: string
  createdAt: number
  expiresAt: number
  revokedAt: number | null
  usedAt: number | null
  connectionId: ConnectionId | null
}
export type ConnectLinkInput = Pick<
  ConnectLink,
  'workspaceId' | 'connector' | 'environment' | 'appId' | 'name' | 'note' | 'origin' | 'scopes' | 'createdBy' | 'expiresAt'
>

export type ConnectLinksRepository = {
  list(workspaceId: WorkspaceId): Promise<ConnectLink[]>
  /** Makes one. The token is the secret of the link and shown once; only the vault can make or read one. */
  create(input: ConnectLinkInput): Promise<{ link: ConnectLink; token: string }>
  /** The link of a token; `undefined` for a token that is not ours, whatever state the link is in otherwise. */
  ofToken(token: string): Promise<ConnectLink | undefined>
  find(id: ConnectLinkId): Promise<ConnectLink | undefined>
  /** Takes the link for the one connection it may make. False: it was used, revoked, or is over. */
  claim(id: ConnectLinkId): Promise<boolean>
  /** What came of the claim: the connection, or nothing, and then it can be used again. */
  settle(id: ConnectLinkId, connectionId: ConnectionId | undefined): Promise<void>
  revoke(workspaceId: WorkspaceId, id: ConnectLinkId): Promise<boolean>
}

/** What envelopes of links are bound to: no envelope of anything else opens as a link. */
const PURPOSE = 'connect link'
const TOKEN_CHARS_MAX = 600

/** Connect links. Their tokens are sealed by the vault, so they are as unforgeable as its envelopes and hold no secret of ours. */
export function connectLinksRepository(db: Kysely<Tables>, vault: Vault): ConnectLinksRepository {
  const rows = () =>
    db
      .selectFrom('connect_links as l')
      .innerJoin('workspaces as w', 'w.id', 'l.workspace_id')
      .selectAll('l')
      .select('w.name as workspace_name')

  const find = async (id: ConnectLinkId): Promise<ConnectLink | undefined> => {
    const row = await rows().where('l.id', '=', id).executeTakeFirst()
    return row && toLink(row)
  }

  return {
    list: async (workspaceId) =>
      (await rows().where('l.workspace_id', '=', workspaceId).orderBy('l.id', 'desc').limit(200).execute()).map(toLink),
    create: async (input) => {
      const id = newId('lnk')
      await db
        .insertInto('connect_links')
        .values({
          id,
          workspace_id: input.workspaceId,
          connector: input.connector,
          environment: input.environment,
          app_id: input.appId,
          name: input.name,
          note: input.note,
          origin: input.origin,
          scopes: [...input.scopes],
          created_by: input.createdBy,
          expires_at: new Date(input.expiresAt),
        })
        .execute()
      const link = await find(id)
      if (!link) throw new Error('The link that was just made is not there')
      return { link, token: Buffer.from(vault.seal(id, PURPOSE)).toString('base64url') }
    },
    ofToken: async (token) => {
      const id = idOf(vault, token)
      return id && find(id)
    },
    find,
    claim: async (id) => {
      const result = await db
        .updateTable('connect_links')
        .set({ used_at: new Date() })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', new Date())
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    settle: async (id, connectionId) => {
      await db
        .updateTable('connect_links')
        .set(connectionId === undefined ? { used_at: null } : { connection_id: connectionId })
        .where('id', '=', id)
        .execute()
    },
    revoke: async (workspaceId, id) => {
      const result = await db
        .updateTable('connect_links')
        .set({ revoked_at: new Date() })
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
  }
}

function idOf(vault: Vault, token: string): ConnectLinkId | undefined {
  if (token.length > TOKEN_CHARS_MAX || !/^[\w-]+$/.test(token)) return undefined
  try {
    return asId('lnk', vault.openText(Buffer.from(token, 'base64url'), PURPOSE))
  } catch (error) {
    // Made up, changed, or sealed with a key that is forgotten: all the same to who holds it.
    if (error instanceof Fault) return undefined
    throw error
  }
}

type Row = {
  id: ConnectLinkId
  workspace_id: WorkspaceId
  workspace_name: string
  connector: string
  environment: Environment
  app_id: OAuthAppId | null
  name: string
  note: string | null
  origin: string | null
  scopes: string[]
  created_by: string
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
  used_at: Date | null
  connection_id: ConnectionId | null
}

const toLink = (row: Row): ConnectLink => ({
  id: row.id,
  workspaceId: row.workspace_id,
  workspaceName: row.workspace_name,
  connector: row.connector,
  environment: row.environment,
  appId: row.app_id,
  name: row.name,
  note: row.note,
  origin: row.origin,
  scopes: row.scopes,
  createdBy: row.created_by,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  revokedAt: row.revoked_at?.getTime() ?? null,
  usedAt: row.used_at?.getTime() ?? null,
  connectionId: row.connection_id,
})
