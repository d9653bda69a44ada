import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readContact } from '../reads/contacts.ts'
import { Contact, contactBody, ContactInput, contactSample, OneContactReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

export const contactUpdate = vendor.action({
  id: 'highlevel.contact.update',
  version: 1,
  title: 'Update a contact',
  summary: 'Sets the members you fill in; all others stay.',
  phrase: 'update a contact in {connection}',
  group: 'Contacts',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'Tags given here would replace all tags of the contact, so they are left out; use "Add tags to a contact".',
    },
  ],
  scopes: ['contacts.write', 'contacts.readonly'],
  input: z.object({ id: pick('contacts').meta({ title: 'Contact' }), ...ContactInput }),
  output: Contact,
  samples: [contactSample],
  rejects: [{ input: { email: 'a@example.org' }, because: 'no contact is named' }],
  effect: { kind: 'write', resend: 'harmless', because: 'It sets values; setting them again changes nothing.' },
  async run(call) {
    const { id, ...fields } = call.input
    const contact = await call.http({
      method: 'PUT',
      path: path`/contacts/${id}`,
      headers: DATED,
      body: contactBody(fields),
      reply: OneContactReply,
    })
    return contact ?? readContact(call, id)
  },
})
