import { randomBytes } from 'node:crypto'
import { bug } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'

export type SignInKeyRepository = {
  /** The key as text; made at the first call. All processes of an installation get the same. */
  load(): Promise<string>
}

/** Of the only row; the envelope is bound to it. */
const ID = 'sign-in'
const KEY_BYTES = 32

/** The key that signs session cookies and seals second factors, kept in the vault: a copy of the database alone opens no session. */
export function signInKeyRepository(db: Kysely<Tables>, vault: Vault): SignInKeyRepository {
  const find = () => db.selectFrom('sign_in_key').select('secret').executeTakeFirst()
  return {
    load: async () => {
      if (!(await find())) {
        const secret = Buffer.from(vault.seal(randomBytes(KEY_BYTES).toString('base64url'), ID))
        await db
          .insertInto('sign_in_key')
          .values({ id: ID, secret })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
      const row = await find()
      if (!row) throw bug('The sign-in key could not be kept.')
      return vault.openText(row.secret, ID)
    },
  }
}
