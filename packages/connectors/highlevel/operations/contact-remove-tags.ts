import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { contactTagsMark } from '../contact-tags-mark.ts'
import { ContactTagsReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

export const contactRemoveTags = vendor.action({
  id: 'highlevel.contact.remove-tags',
  version: 1,
  title: 'Remove tags from a contact',
  summary: 'Takes tags off a contact, by name. The tags themselves stay in the sub-account.',
  phrase: 'remove tags from a contact in {connection}',
  group: 'Contacts',
  facts: [{ mark: 'CONFIRMED', text: 'HighLevel wants the names in the body of a DELETE.' }],
  scopes: ['contacts.write'],
  input: z.object({
    contactId: pick('contacts').meta({ title: 'Contact' }),
    tags: z.array(z.string().trim().min(1)).min(1).max(100).meta({ title: 'Tags (names)' }),
  }),
  output: z.object({
    contactId: z.string().meta({ title: 'Contact id' }),
    tags: z.array(z.string()).meta({ title: 'Tags', description: 'As HighLevel answered them.' }),
  }),
  samples: [{ contactId: 'CntAliceRowan0000001', tags: ['solar'] }],
  rejects: [{ input: { tags: ['x'] }, because: 'no contact is named' }],
  leaves: ({ connection, output }) => [contactTagsMark(connection.locationId, output.contactId, output.tags)],
  effect: { kind: 'write', resend: 'harmless', because: 'Tags of a contact are a set; what is gone cannot be taken off again (ASSUMED).' },
  async run({ input, http }) {
    const { tags } = await http({
      method: 'DELETE',
      path: path`/contacts/${input.contactId}/tags`,
      headers: DATED,
      body: { tags: input.tags },
      reply: ContactTagsReply,
    })
    return { contactId: input.contactId, tags }
  },
})
