import { z } from 'zod'
import { vendor } from '../connector.ts'
import { searchContacts } from '../reads/contacts.ts'
import { Contact, contactSample, toContact } from '../schemas/contact.ts'

export const contactSearch = vendor.action({
  id: 'highlevel.contact.search',
  version: 1,
  title: 'Find contacts',
  summary: 'Searches contacts by name, e-mail, phone or company, a page at a time.',
  phrase: 'find contacts in {connection}',
  group: 'Contacts',
  facts: [{ mark: 'ASSUMED', text: "The vendor's file leaves request and answer of this search open; Couplet reads what it recognises." }],
  scopes: ['contacts.readonly'],
  input: z.object({
    query: z.string().optional().meta({ title: 'Search for' }),
    limit: z.int().min(1).max(100).default(20).meta({ title: 'Page size', advanced: true }),
    after: z.array(z.json()).optional().meta({ title: 'After', description: 'From the page before.', advanced: true }),
  }),
  output: z.object({
    contacts: z.array(Contact).meta({ title: 'Contacts' }),
    total: z.number().meta({ title: 'Number in all' }),
    after: z.array(z.json()).optional().meta({ title: 'After', description: 'Where the next page begins.' }),
  }),
  samples: [{ contacts: [contactSample], total: 1 }],
  rejects: [{ input: { limit: 500 }, because: 'a page holds 100 at most' }],
  effect: { kind: 'read' },
  async run(call) {
    const page = await searchContacts(call, { query: call.input.query, limit: call.input.limit, searchAfter: call.input.after })
    const isFull = page.contacts.length === call.input.limit
    return {
      contacts: page.contacts.map(toContact),
      total: page.total ?? page.count ?? page.contacts.length,
      after: isFull ? page.contacts.at(-1)?.searchAfter : undefined,
    }
  },
})
