import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact } from '../paths.ts'
import { readCustomer } from '../read-customer.ts'
import { Customer, CustomerId, sampleCustomer } from '../schemas/customer.ts'

export const customerGet = payaca.action({
  id: 'payaca.customer.get',
  version: 1,
  title: 'Get a customer',
  summary: 'Reads one customer with contacts, addresses, tags and custom fields.',
  phrase: 'read a customer in {connection}',
  group: 'Customers',
  address: addressOf('customer.get'),
  facts: [pathFact('customer.get'), { mark: 'ASSUMED', text: 'That tags and custom fields are part of the answer.' }],
  scopes: [],
  input: z.object({ customerId: CustomerId }),
  output: Customer,
  samples: [sampleCustomer],
  rejects: [{ input: { customerId: '' }, because: 'a customer must be chosen' }],
  effect: { kind: 'read' },
  run: ({ input, connection, http }) => readCustomer(http, connection, input.customerId),
})
