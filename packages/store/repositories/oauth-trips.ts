import { hash, randomBytes } from 'node:crypto'
import type { JsonObject, OAuthAppId, WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'
import { openTexts, sealTexts } from './sealed-texts.ts'

/** A round trip to a consent page. `aim` says what comes of it; what may stand in it is the caller's. */
export type OAuthTrip = { workspaceId: WorkspaceId; appId: OAuthAppId; verifier: string | undefined; redirectUri: string; aim: JsonObject }

export type OAuthTripsRepository = {
  /** Begins one; answers the `state` for the vendor and the `binding` for the browser that begins it. Both are only kept as hashes. */
  begin(trip: OAuthTrip & { lifeMs: number }): Promise<{ state: string; binding: string }>
  /** Takes it out, so that nobody finishes it twice. `undefined`: unknown, too old, finished, or begun by another browser. */
  take(state: string, binding: string): Promise<OAuthTrip | undefined>
}

const hashOf = (text: string): string => hash('sha256', text)
const newSecret = (): string => randomBytes(32).toString('base64url')

/** Round trips under way. Those nobody finished go when the next one begins. */
export function oauthTripsRepository(db: Kysely<Tables>, vault: Vault): OAuthTripsRepository {
  return {
    begin: async ({ lifeMs, ...trip }) => {
      const [state, binding] = [newSecret(), newSecret()]
      const stateHash = hashOf(state)
      await db.deleteFrom('oauth_trips').where('expires_at', '<', new Date()).execute()
      await db
        .insertInto('oauth_trips')
        .values({
          state_hash: stateHash,
          workspace_id: trip.workspaceId,
          app_id: trip.appId,
          binding_hash: hashOf(binding),
          verifier: trip.verifier === undefined ? null : sealTexts(vault, stateHash, { verifier: trip.verifier }),
          redirect_uri: trip.redirectUri,
          aim: JSON.stringify(trip.aim),
          expires_at: new Date(Date.now() + lifeMs),
        })
        .execute()
      return { state, binding }
    },
    take: async (state, binding) => {
      const stateHash = hashOf(state)
      const row = await db
        .deleteFrom('oauth_trips')
        .where('state_hash', '=', stateHash)
        .where('binding_hash', '=', hashOf(binding))
        .where('expires_at', '>', new Date())
        .returningAll()
        .executeTakeFirst()
      return (
        row && {
          workspaceId: row.workspace_id,
          appId: row.app_id,
          verifier: row.verifier === null ? undefined : openTexts(vault, stateHash, row.verifier)['verifier'],
          redirectUri: row.redirect_uri,
          aim: { ...row.aim },
        }
      )
    },
  }
}
