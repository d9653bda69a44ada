import { z } from 'zod'
import { payaca } from '../connector.ts'
import { tagsMark } from '../marks.ts'
import { addressOf, PATHS, route } from '../paths.ts'
import { readCustomer } from '../read-customer.ts'
import { CustomerId, sampleCustomer } from '../schemas/customer.ts'
import { TaggedOutput, WantedTags } from '../schemas/tagging.ts'
import { tagNames } from '../schemas/tags.ts'

const { method, path } = PATHS['customer.remove-tags']

export const customerRemoveTags = payaca.action({
  id: 'payaca.customer.remove-tags',
  version: 1,
  title: 'Remove tags from a customer',
  summary: 'Removes tags from a customer by name. Payaca does not document this call: switch it on only after trying it on your account.',
  phrase: 'remove tags from a customer in {connection}',
  group: 'Customers',
  address: addressOf('customer.remove-tags'),
  facts: [{ mark: 'ASSUMED', text: `That removing exists at all, and its address: ${method} ${path} with the tag names.` }],
  needsOptIn: 'Payaca documents adding tags, not removing them. Couplet guesses the call; try it on a test customer first.',
  scopes: [],
  input: z.object({ customerId: CustomerId, tags: WantedTags }),
  output: TaggedOutput,
  samples: [{ customer: { ...sampleCustomer, tags: ['Solar'] }, tags: ['Spring launch'], renamed: [] }],
  rejects: [{ input: { customerId: 'c1', tags: [] }, because: 'no tag' }],
  calls: 2,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'how Payaca answers a second removal is not known; the tags of the customer show it',
    async lookup({ input, connection, http }) {
      const { names, renamed } = tagNames(input.tags)
      const customer = await readCustomer(http, connection, input.customerId)
      // Whether capitals matter to Payaca is not known: a tag that differs in them only may be the one to remove.
      const there = customer.tags.map((tag) => tag.toLowerCase())
      return names.some((name) => there.includes(name.toLowerCase())) ? undefined : { customer, tags: names, renamed }
    },
  },
  leaves: ({ output }) => [tagsMark(output.customer.id, output.customer.tags)],
  async run({ input, connection, http }) {
    const { names, renamed } = tagNames(input.tags)
    await http({ ...route('customer.remove-tags', connection, { id: input.customerId }), body: { tagNames: names }, reply: z.unknown() })
    // The form of the answer is anybody's guess, so the customer is read back.
    return { customer: await readCustomer(http, connection, input.customerId), tags: names, renamed }
  },
})
