import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { contactTagsMark } from '../contact-tags-mark.ts'
import { readContact } from '../reads/contacts.ts'
import { Contact, ContactReply, contactSample, toContact } from '../schemas/contact.ts'
import { happenedAt, unwrap } from '../webhooks.ts'
import { eventKey, isOurs, NEEDS_APP } from './webhook-fact.ts'

const ContactEvent = z.object({ contact: Contact.meta({ title: 'Contact' }), locationId: z.string().meta({ title: 'Location id' }) })

type Declared = { id: `highlevel.contact.${string}`; topic: string; title: string; summary: string; phrase: string }

/** A trigger for one kind of contact event. They differ in words and topic only; tag events also tell whose echo they are. */
const contactTrigger = ({ topic, ...words }: Declared) =>
  vendor.trigger({
    ...words,
    version: 1,
    group: 'Contacts',
    facts: [NEEDS_APP],
    scopes: ['contacts.readonly'],
    input: z.object({}),
    output: ContactEvent,
    samples: [{ contact: contactSample, locationId: 'LocNorthgateSolar001' }],
    push: {
      topics: [topic],
      facts(delivery) {
        const contact = ContactReply.safeParse(unwrap(delivery.body))
        if (!contact.success || !isOurs(delivery)) return []
        const { locationId } = delivery.connection
        return [
          {
            key: eventKey(delivery),
            at: happenedAt(delivery.body, delivery.receivedAt),
            data: { contact: toContact(contact.data), locationId },
            ...(topic === 'ContactTagUpdate' ? { echo: [contactTagsMark(locationId, contact.data.id, contact.data.tags)] } : {}),
          },
        ]
      },
    },
    byHand: {
      title: 'Start with a contact',
      pick: z.object({ contactId: pick('contacts').meta({ title: 'Contact' }) }),
      async fact(call) {
        const contact = await readContact(call, String(call.picked['contactId']))
        return {
          key: `hl.contact:${call.connection.locationId}:${contact.id}:chosen:${call.runKey}`,
          at: call.now,
          data: { contact, locationId: call.connection.locationId },
        }
      },
    },
  })

/** Superseded: its key is that of a delivery, which no list can tell. */
export const contactCreatedByWebhook = contactTrigger({
  id: 'highlevel.contact.created',
  topic: 'ContactCreate',
  title: 'Contact created',
  summary: 'Starts when a contact is created.',
  phrase: 'a contact is created in {connection}',
})
export const contactUpdated = contactTrigger({
  id: 'highlevel.contact.updated',
  topic: 'ContactUpdate',
  title: 'Contact changed',
  summary: 'Starts when a contact is changed.',
  phrase: 'a contact is changed in {connection}',
})
export const contactDeleted = contactTrigger({
  id: 'highlevel.contact.deleted',
  topic: 'ContactDelete',
  title: 'Contact deleted',
  summary: 'Starts when a contact is deleted.',
  phrase: 'a contact is deleted in {connection}',
})
export const contactTagUpdated = contactTrigger({
  id: 'highlevel.contact.tag-updated',
  topic: 'ContactTagUpdate',
  title: 'Tags of a contact changed',
  summary: 'Starts when tags are added to or taken off a contact. These are not the tags of the Social Planner.',
  phrase: 'the tags of a contact change in {connection}',
})
export const contactDndUpdated = contactTrigger({
  id: 'highlevel.contact.dnd-updated',
  topic: 'ContactDndUpdate',
  title: 'Do-not-disturb of a contact changed',
  summary: 'Starts when a contact is set to do-not-disturb, or no longer.',
  phrase: 'do-not-disturb of a contact changes in {connection}',
})
