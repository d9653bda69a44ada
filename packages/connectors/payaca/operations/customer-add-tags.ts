import { z } from 'zod'
import { payaca } from '../connector.ts'
import { tagsMark } from '../marks.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { readCustomer } from '../read-customer.ts'
import { CustomerAnswer, CustomerId, sampleCustomer, toCustomer } from '../schemas/customer.ts'
import { TaggedOutput, WantedTags } from '../schemas/tagging.ts'
import { tagNames } from '../schemas/tags.ts'

export const customerAddTags = payaca.action({
  id: 'payaca.customer.add-tags',
  version: 1,
  title: 'Add tags to a customer',
  summary: 'Adds tags to a customer by name; tags it already has stay. Names are shortened to 30 characters, and the answer says which.',
  phrase: 'add tags to a customer in {connection}',
  group: 'Customers',
  address: addressOf('customer.add-tags'),
  facts: [
    pathFact('customer.add-tags'),
    {
      mark: 'CONFIRMED',
      text: 'Tags are addressed by name, 1 to 30 characters; which signs are allowed is known in part only, so Couplet keeps letters, digits, spaces and hyphens.',
    },
    { mark: 'ASSUMED', text: 'A name Payaca does not know is created.' },
  ],
  scopes: [],
  input: z.object({ customerId: CustomerId, tags: WantedTags }),
  output: TaggedOutput,
  samples: [{ customer: sampleCustomer, tags: ['Solar', 'Spring launch'], renamed: [{ wanted: 'Spring: launch', used: 'Spring launch' }] }],
  rejects: [
    { input: { customerId: 'c1', tags: [] }, because: 'no tag' },
    { input: { customerId: 'c1', tags: ['***'] }, because: 'no letter or digit is left of the name' },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'how Payaca treats a tag that is already there is not known; the tags of the customer show it',
    async lookup({ input, connection, http }) {
      const { names, renamed } = tagNames(input.tags)
      const customer = await readCustomer(http, connection, input.customerId)
      return names.every((name) => customer.tags.includes(name)) ? { customer, tags: names, renamed } : undefined
    },
  },
  leaves: ({ output }) => [tagsMark(output.customer.id, output.customer.tags)],
  async run(call) {
    const { input, connection, http } = call
    const { names, renamed } = tagNames(input.tags)
    if (renamed.length > 0)
      call.log('Tag names were changed to fit Payaca', { renamed: renamed.map((pair) => `${pair.wanted} → ${pair.used}`) })
    const reply = await http({
      ...route('customer.add-tags', connection, { id: input.customerId }),
      body: { tagNames: names },
      reply: CustomerAnswer,
    })
    return { customer: toCustomer(reply), tags: names, renamed }
  },
})
