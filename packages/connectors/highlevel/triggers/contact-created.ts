import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readContact, searchContacts } from '../reads/contacts.ts'
import { Contact, ContactReply, contactSample, toContact } from '../schemas/contact.ts'
import { happenedAt, unwrap } from '../webhooks.ts'
import { BOTH_WIRES, createdFeed, createdKey, LooksForMissed } from './created-feed.ts'
import { isOurs } from './webhook-fact.ts'

const PAGE = 100

/** Without the time of the last change: the webhook does not tell it. */
const NewContact = Contact.omit({ updatedAt: true }).meta({ title: 'Contact' })
const Created = z.object({ contact: NewContact.meta({ title: 'Contact' }), locationId: z.string().meta({ title: 'Location id' }) })

const toNew = (contact: Contact): z.output<typeof NewContact> => NewContact.parse(contact)

export const contactCreated = vendor.trigger({
  id: 'highlevel.contact.created',
  version: 2,
  title: 'Contact created',
  summary: 'Starts when a contact is created: at once by webhook, and a little later for a contact whose webhook did not arrive.',
  phrase: 'a contact is created in {connection}',
  group: 'Contacts',
  facts: [
    BOTH_WIRES,
    {
      mark: 'REPORTED',
      text: "The search goes by sort: [{field: 'dateAdded', direction: 'desc'}]. The vendor's file leaves its body open; without it, newest first is ASSUMED.",
    },
  ],
  scopes: ['contacts.readonly'],
  input: LooksForMissed,
  output: Created,
  samples: [{ contact: toNew(contactSample), locationId: 'LocNorthgateSolar001' }],
  push: {
    topics: ['ContactCreate'],
    facts(delivery) {
      const contact = ContactReply.safeParse(unwrap(delivery.body))
      if (!contact.success || !isOurs(delivery)) return []
      const { locationId } = delivery.connection
      return [
        {
          key: createdKey('contact', locationId, contact.data.id),
          at: contact.data.createdAt ?? happenedAt(delivery.body, delivery.receivedAt),
          data: { contact: toNew(toContact(contact.data)), locationId },
        },
      ]
    },
  },
  poll: createdFeed({
    what: 'contact',
    async page(call, { from, mark }) {
      const { contacts } = await searchContacts(call, { limit: PAGE, searchAfter: mark, newestFirst: true })
      const last = contacts.at(-1)
      const isOlder = contacts.every(({ createdAt }) => createdAt !== undefined && Date.parse(createdAt) < Date.parse(from))
      return {
        records: contacts.map((contact) => ({
          id: contact.id,
          createdAt: contact.createdAt,
          data: { contact: toNew(toContact(contact)), locationId: call.connection.locationId },
        })),
        ...(contacts.length < PAGE || isOlder || last?.searchAfter === undefined ? {} : { mark: last.searchAfter }),
      }
    },
  }),
  byHand: {
    title: 'Start with a contact',
    pick: z.object({ contactId: pick('contacts').meta({ title: 'Contact' }) }),
    async fact(call) {
      const contact = await readContact(call, String(call.picked['contactId']))
      const { locationId } = call.connection
      return {
        key: `hl.contact:${locationId}:${contact.id}:chosen:${call.runKey}`,
        at: call.now,
        data: { contact: toNew(contact), locationId },
      }
    },
  },
})
