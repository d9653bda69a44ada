import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Contact, contactBody, ContactInput, contactSample, toContact, UpsertReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

export const contactUpsert = vendor.action({
  id: 'highlevel.contact.upsert',
  version: 1,
  title: 'Create or update a contact',
  summary: 'HighLevel looks for the contact by e-mail or phone, and updates or creates it.',
  phrase: 'create or update a contact in {connection}',
  group: 'Contacts',
  facts: [
    { mark: 'CONFIRMED', text: "Which of e-mail and phone counts follows the sub-account's setting for duplicate contacts." },
    { mark: 'CONFIRMED', text: 'Tags given here replace all tags of the contact, so they are left out; use "Add tags to a contact".' },
  ],
  scopes: ['contacts.write'],
  input: z.object(ContactInput).refine((input) => input.email !== undefined || input.phone !== undefined, {
    path: ['email'],
    message: 'Fill in an e-mail or a phone.',
  }),
  output: Contact.extend({ isNew: z.boolean().meta({ title: 'Is new' }) }),
  samples: [{ ...contactSample, isNew: true }],
  rejects: [
    { input: { firstName: 'Ada' }, because: 'without e-mail and phone every call would make another contact' },
    { input: { email: 'not an address' }, because: 'it must be an e-mail address' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'HighLevel finds the contact it made by e-mail or phone.' },
  async run({ input, connection, http }) {
    const reply = await http({
      method: 'POST',
      path: '/contacts/upsert',
      headers: DATED,
      body: { ...contactBody(input), locationId: connection.locationId },
      reply: UpsertReply,
    })
    return { ...toContact(reply.contact), isNew: reply.new === true }
  },
})
