import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { Customer, CustomerListAnswer, sampleCustomer, toCustomer } from '../schemas/customer.ts'

const PAGE_SIZE = 100

export const customerList = payaca.action({
  id: 'payaca.customer.list',
  version: 1,
  title: 'List customers',
  summary:
    'Reads customers page by page up to a maximum. Whether the list carries tags and custom fields is not sure: "Get a customer" is.',
  phrase: 'list the customers in {connection}',
  group: 'Customers',
  address: addressOf('customer.list'),
  facts: [pathFact('customer.list'), { mark: 'ASSUMED', text: 'Paging by offset and limit, and the form of the answer.' }],
  scopes: [],
  input: z.object({
    max: z.int().min(1).max(5_000).default(500).meta({ title: 'At most' }),
    nameContains: z.string().optional().meta({ title: 'Name contains', description: 'Without regard to capitals.' }),
  }),
  output: z.object({
    customers: z.array(Customer).meta({ title: 'Customers' }),
    count: z.int().meta({ title: 'Number of customers' }),
    isComplete: z.boolean().meta({ title: 'All were read', description: 'No when the maximum cut the list.' }),
  }),
  samples: [{ customers: [sampleCustomer], count: 1, isComplete: true }],
  rejects: [{ input: { max: 0 }, because: 'at least one' }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  async run({ input, connection, http }) {
    const seen = new Map<string, Customer>()
    let isComplete = false
    // Bounded by the maximum: every round but the last adds a customer not seen before, also when Payaca ignores the paging.
    while (!isComplete && seen.size < input.max) {
      const before = seen.size
      const page = await http({
        ...route('customer.list', connection),
        query: { offset: before, limit: PAGE_SIZE },
        reply: CustomerListAnswer,
      })
      for (const reply of page) seen.set(reply.id, toCustomer(reply))
      isComplete = page.length < PAGE_SIZE || seen.size === before
    }
    const wanted = input.nameContains?.toLowerCase()
    const customers = [...seen.values()]
      .slice(0, input.max)
      .filter((customer) => wanted === undefined || customer.name.toLowerCase().includes(wanted))
    return { customers, count: customers.length, isComplete: isComplete && seen.size <= input.max }
  },
})
