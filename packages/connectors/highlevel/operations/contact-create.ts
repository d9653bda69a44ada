import { z } from 'zod'
import { vendor } from '../connector.ts'
import { findDuplicate } from '../reads/contacts.ts'
import { notFound, unlessAbsent } from '../refusals.ts'
import { Contact, contactBody, ContactInput, contactSample, OneContactReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

export const contactCreate = vendor.action({
  id: 'highlevel.contact.create',
  version: 1,
  title: 'Create a contact',
  summary: 'Creates a contact. HighLevel refuses one it knows already, unless the sub-account allows duplicates.',
  phrase: 'create a contact in {connection}',
  group: 'Contacts',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'No write takes an idempotency key; after a lost answer Couplet looks for the contact by e-mail or phone first.',
    },
  ],
  scopes: ['contacts.write', 'contacts.readonly'],
  input: z
    .object({ ...ContactInput, tags: z.array(z.string().trim().min(1)).optional().meta({ title: 'Tags (names)' }) })
    .refine((input) => input.email !== undefined || input.phone !== undefined, {
      path: ['email'],
      message: 'Fill in an e-mail or a phone.',
    }),
  output: Contact,
  samples: [contactSample],
  rejects: [{ input: { lastName: 'Rowan' }, because: 'without e-mail and phone nobody could find it again after a lost answer' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A contact with this e-mail or phone is what the step wants.',
    lookup: (call) => unlessAbsent(findDuplicate(call, call.input)),
  },
  async run({ input, connection, http }) {
    const contact = await http({
      method: 'POST',
      path: '/contacts/',
      headers: DATED,
      body: { ...contactBody(input), locationId: connection.locationId },
      reply: OneContactReply,
    })
    if (!contact) throw notFound('HighLevel accepted the contact but did not answer it.')
    return contact
  },
})
