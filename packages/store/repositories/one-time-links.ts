import type { PersonId } from '@couplet/core'
import type { Kysely } from 'kysely'
import { hashOf, newToken } from '../secret-token.ts'
import type { LinkPurpose, Tables } from '../tables.ts'

export type OneTimeLinksRepository = {
  /** A new token for a link; earlier ones of the same purpose and person stop working. Only its hash is kept. */
  create(purpose: LinkPurpose, person: PersonId | null, expiresAt: number): Promise<string>
  /** Whether a token would work; spends nothing. */
  find(purpose: LinkPurpose, token: string): Promise<{ person: PersonId | null } | undefined>
  /** Spends a token: of two who come at once, one gets it. */
  spend(purpose: LinkPurpose, token: string): Promise<{ person: PersonId | null } | undefined>
  /** No link of the purpose works any more. */
  clear(purpose: LinkPurpose): Promise<void>
}

/** Links that work once and end by themselves. */
export function oneTimeLinksRepository(db: Kysely<Tables>): OneTimeLinksRepository {
  return {
    create: async (purpose, person, expiresAt) => {
      const { token, hash } = newToken()
      await db
        .deleteFrom('one_time_links')
        .where((eb) =>
          eb.or([
            eb('expires_at', '<', new Date()),
            eb.and([eb('purpose', '=', purpose), person === null ? eb('person_id', 'is', null) : eb('person_id', '=', person)]),
          ]),
        )
        .execute()
      await db
        .insertInto('one_time_links')
        .values({ token_hash: hash, purpose, person_id: person, expires_at: new Date(expiresAt) })
        .execute()
      return token
    },
    find: async (purpose, token) => {
      const row = await db
        .selectFrom('one_time_links')
        .select('person_id')
        .where('token_hash', '=', hashOf(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date())
        .executeTakeFirst()
      return row && { person: row.person_id }
    },
    spend: async (purpose, token) => {
      const row = await db
        .deleteFrom('one_time_links')
        .where('token_hash', '=', hashOf(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date())
        .returning('person_id')
        .executeTakeFirst()
      return row && { person: row.person_id }
    },
    clear: async (purpose) => {
      await db.deleteFrom('one_time_links').where('purpose', '=', purpose).execute()
    },
  }
}
