import { requireLocation } from '../auth.ts'
import { contactLike, shownContact } from '../contact-book.ts'
import { type Highlevel, nowIso } from '../context.ts'
import { refuse } from '../errors.ts'
import { inLocation, rowBy } from '../lookup.ts'
import type { Call } from '../operation.ts'
import type { Contact } from '../state.ts'
import { emit } from '../webhooks/emit.ts'
import type { Kept } from './kept-row.ts'

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function contactAt({ context, token, params }: Call): Contact {
  const id = params['contactId'] ?? ''
  const contact = rowBy(context.state.contacts, 'id', id)
  if (!contact) throw refuse(400, `Contact with id ${id} not found`)
  requireLocation(context, token, contact.locationId)
  return contact
}

/** Contacts of the sub-account among these ids; others are passed over. */
const ownContacts = (context: Highlevel, locationId: unknown, ids: unknown): Contact[] =>
  inLocation(context.state.contacts, String(locationId)).filter(({ id }) => listOf(ids).includes(id))

function change(context: Highlevel, contact: Contact, more: Partial<Contact>): void {
  Object.assign(contact, more, { dateUpdated: nowIso(context) })
  emit(context, 'ContactUpdate', contact.locationId, { ...shownContact(contact), type: 'ContactUpdate' })
}

const followersOf = (contact: Contact): string[] => listOf(contact.more['followers'])

/** Work on contacts beyond reading and writing one: followers, businesses, many at once. */
export const keptContacts: Readonly<Record<string, Kept>> = {
  'contacts.add-followers-contact': ({ call, asked }) => {
    const contact = contactAt(call)
    const before = followersOf(contact)
    const followersAdded = listOf(asked.body['followers']).filter((id) => !before.includes(id))
    change(call.context, contact, { more: { ...contact.more, followers: [...before, ...followersAdded] } })
    return { followers: followersOf(contact), followersAdded }
  },
  'contacts.remove-followers-contact': ({ call, asked }) => {
    const contact = contactAt(call)
    const gone = listOf(asked.body['followers'])
    const before = followersOf(contact)
    change(call.context, contact, { more: { ...contact.more, followers: before.filter((id) => !gone.includes(id)) } })
    return { followers: followersOf(contact), followersRemoved: before.filter((id) => gone.includes(id)) }
  },
  'contacts.get-duplicate-contact': ({ call, asked }) => {
    const { number, email } = asked.query
    const found = contactLike(call.context, String(asked.query['locationId']), {
      email: typeof email === 'string' ? email : undefined,
      phone: typeof number === 'string' ? number : undefined,
    })
    return { contact: found === undefined ? null : shownContact(found.contact) }
  },
  'contacts.get-contacts-by-business-id': ({ call, asked }) => {
    const found = inLocation(call.context.state.contacts, call.token.locationId).filter(
      (contact) => contact.more['businessId'] === asked.params['businessId'],
    )
    const skip = Number(asked.query['skip'] ?? 0)
    return { contacts: found.slice(skip, skip + Number(asked.query['limit'] ?? 25)).map(shownContact), count: found.length }
  },
  'contacts.add-remove-contact-from-business': ({ call, asked }) => {
    const found = ownContacts(call.context, asked.body['locationId'], asked.body['ids'])
    for (const contact of found) change(call.context, contact, { more: { ...contact.more, businessId: asked.body['businessId'] } })
    return { success: true, ids: found.map(({ id }) => id) }
  },
  'contacts.create-association': ({ call, asked }) => {
    const found = ownContacts(call.context, asked.body['locationId'], asked.body['contacts'])
    const tags = listOf(asked.body['tags'])
    for (const contact of found) {
      const kept = asked.body['removeAllTags'] === true ? [] : contact.tags.filter((tag) => !tags.includes(tag))
      change(call.context, contact, { tags: asked.params['type'] === 'remove' ? kept : [...kept, ...tags] })
      emit(call.context, 'ContactTagUpdate', contact.locationId, { ...shownContact(contact), type: 'ContactTagUpdate' })
    }
    return { succeded: true, errorCount: 0, responses: found.map(({ id }) => id) }
  },
}
