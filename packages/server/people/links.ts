import type { PersonId } from '@couplet/core'
import type { Store } from '@couplet/store'

/** A first start may be left alone over night. */
const SET_UP_MS = 24 * 3_600_000
const PASSWORD_MS = 3_600_000

/**
 * The link that makes the first owner, new at each start; `undefined` once there is one. The token stands behind the `#`: it reaches
 * no log, proxy or referrer.
 */
export async function setUpLink(store: Store, address: string): Promise<{ url: string; expiresAt: number } | undefined> {
  if (await store.people.isAnyoneKnown()) return undefined
  const expiresAt = Date.now() + SET_UP_MS
  const token = await store.oneTimeLinks.create('set-up', null, expiresAt)
  return { url: `${address}/set-up#${token}`, expiresAt }
}

/** A link for a new password. `password`: made by who may, it switches the second factor off too; `forgotten`: asked for by who owns the mailbox. */
export async function passwordLink(
  store: Store,
  address: string,
  person: PersonId,
  purpose: 'password' | 'forgotten' = 'password',
): Promise<{ url: string; expiresAt: number }> {
  const expiresAt = Date.now() + PASSWORD_MS
  return { url: `${address}/new-password#${await store.oneTimeLinks.create(purpose, person, expiresAt)}`, expiresAt }
}
