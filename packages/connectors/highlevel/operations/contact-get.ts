import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readContact } from '../reads/contacts.ts'
import { Contact, contactSample } from '../schemas/contact.ts'

export const contactGet = vendor.action({
  id: 'highlevel.contact.get',
  version: 1,
  title: 'Read a contact',
  summary: 'Reads one contact with its tags and custom fields.',
  phrase: 'read a contact of {connection}',
  group: 'Contacts',
  scopes: ['contacts.readonly'],
  input: z.object({ id: pick('contacts').meta({ title: 'Contact' }) }),
  output: Contact,
  samples: [contactSample],
  rejects: [{ input: {}, because: 'no contact is named' }],
  effect: { kind: 'read' },
  run: (call) => readContact(call, call.input.id),
})
