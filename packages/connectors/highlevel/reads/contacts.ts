import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { notFound } from '../refusals.ts'
import { type Contact, ContactsReply, OneContactReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

/** One contact; throws `not-found` when the answer holds none. */
export async function readContact({ http }: HighlevelCall, id: string): Promise<Contact> {
  const contact = await http({ method: 'GET', path: path`/contacts/${id}`, headers: DATED, reply: OneContactReply })
  if (!contact) throw notFound('HighLevel does not know this contact.')
  return contact
}

/**
 * A page of a search. The vendor's file leaves body and answer open; `page`, `pageLimit`, `query` and `searchAfter` are named in the
 * paging table of our contract, `sort` is REPORTED, the rest is ASSUMED.
 */
export const searchContacts = (
  { http, connection }: HighlevelCall,
  ask: { query?: string | undefined; limit?: number; searchAfter?: unknown; newestFirst?: true },
) =>
  http({
    method: 'POST',
    path: '/contacts/search',
    headers: DATED,
    body: {
      locationId: connection.locationId,
      pageLimit: ask.limit ?? 20,
      ...(ask.searchAfter === undefined ? { page: 1 } : { searchAfter: ask.searchAfter }),
      ...(ask.query ? { query: ask.query } : {}),
      ...(ask.newestFirst ? { sort: [{ field: 'dateAdded', direction: 'desc' }] } : {}),
    },
    reply: ContactsReply,
  })

/** The contact HighLevel would take for the same person; e-mail goes before phone. */
export const findDuplicate = (
  { http, connection }: HighlevelCall,
  who: { email?: string | undefined; phone?: string | undefined },
): Promise<Contact | undefined> =>
  http({
    method: 'GET',
    path: '/contacts/search/duplicate',
    query: { locationId: connection.locationId, ...(who.email ? { email: who.email } : { number: who.phone }) },
    headers: DATED,
    reply: OneContactReply,
  })
