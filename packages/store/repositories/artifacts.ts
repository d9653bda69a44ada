import { hash, randomBytes } from 'node:crypto'
import { newId, type WorkspaceId } from '@couplet/core'
import type { Kysely, Selectable } from 'kysely'
import type { ArtifactsTable, Tables } from '../tables.ts'

export type PublishedArtifact = { token: string; sha256: string; sizeBytes: number; changed: boolean }
export type ServedArtifact = { contentType: string; bytes: Uint8Array; sha256: string; updatedAt: number }

export type ArtifactsRepository = {
  /** Creates the artifact or replaces its content; the token of a name never changes. */
  publish(workspaceId: WorkspaceId, artifact: { name: string; contentType: string; bytes: Uint8Array }): Promise<PublishedArtifact>
  findByName(workspaceId: WorkspaceId, name: string): Promise<ServedArtifact | undefined>
  /** By its unguessable token: what the public address serves. */
  serve(token: string): Promise<ServedArtifact | undefined>
}

/** Files with a stable public address (Heyzine knows a flipbook by the address it was made from). */
export function artifactsRepository(db: Kysely<Tables>): ArtifactsRepository {
  return {
    publish: async (workspaceId, artifact) => {
      const sha256 = hash('sha256', artifact.bytes)
      const before = await db
        .selectFrom('artifacts')
        .select(['token', 'sha256'])
        .where('workspace_id', '=', workspaceId)
        .where('name', '=', artifact.name)
        .executeTakeFirst()
      if (before?.sha256 === sha256) return { token: before.token, sha256, sizeBytes: artifact.bytes.length, changed: false }
      const content = { content_type: artifact.contentType, sha256, bytes: Buffer.from(artifact.bytes), updated_at: new Date() }
      const row = await db
        .insertInto('artifacts')
        .values({
          id: newId('art'),
          workspace_id: workspaceId,
          name: artifact.name,
          token: randomBytes(24).toString('base64url'),
          ...content,
        })
        .onConflict((oc) => oc.columns(['workspace_id', 'name']).doUpdateSet(content))
        .returning('token')
        .executeTakeFirstOrThrow()
      return { token: row.token, sha256, sizeBytes: artifact.bytes.length, changed: true }
    },
    findByName: async (workspaceId, name) => {
      const named = db.selectFrom('artifacts').selectAll().where('workspace_id', '=', workspaceId).where('name', '=', name)
      return served(await named.executeTakeFirst())
    },
    serve: async (token) => served(await db.selectFrom('artifacts').selectAll().where('token', '=', token).executeTakeFirst()),
  }
}

const served = (row: Selectable<ArtifactsTable> | undefined): ServedArtifact | undefined =>
  row && { contentType: row.content_type, bytes: row.bytes, sha256: row.sha256, updatedAt: row.updated_at.getTime() }
