import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { contactTagsMark } from '../contact-tags-mark.ts'
import { ContactTagsReply } from '../schemas/contact.ts'
import { DATED } from '../version-headers.ts'

export const contactAddTags = vendor.action({
  id: 'highlevel.contact.add-tags',
  version: 1,
  title: 'Add tags to a contact',
  summary: 'Adds tags by name. HighLevel makes a location tag of a name it does not know.',
  phrase: 'add tags to a contact in {connection}',
  group: 'Contacts',
  facts: [{ mark: 'ASSUMED', text: 'A tag the contact has already is not added twice.' }],
  scopes: ['contacts.write'],
  input: z.object({
    contactId: pick('contacts').meta({ title: 'Contact' }),
    tags: z.array(z.string().trim().min(1)).min(1).max(100).meta({ title: 'Tags (names)' }),
  }),
  output: z.object({
    contactId: z.string().meta({ title: 'Contact id' }),
    tags: z.array(z.string()).meta({ title: 'Tags', description: 'As HighLevel answered them.' }),
  }),
  samples: [{ contactId: 'CntAliceRowan0000001', tags: ['solar', 'spring offer'] }],
  rejects: [{ input: { contactId: 'c', tags: [] }, because: 'no tag is named' }],
  leaves: ({ connection, output }) => [contactTagsMark(connection.locationId, output.contactId, output.tags)],
  effect: { kind: 'write', resend: 'harmless', because: 'Tags of a contact are a set (ASSUMED).' },
  async run({ input, http }) {
    const { tags } = await http({
      method: 'POST',
      path: path`/contacts/${input.contactId}/tags`,
      headers: DATED,
      body: { tags: input.tags },
      reply: ContactTagsReply,
    })
    return { contactId: input.contactId, tags }
  },
})
