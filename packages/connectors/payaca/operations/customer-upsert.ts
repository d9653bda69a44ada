import { z } from 'zod'
import { fieldMark } from '../marks.ts'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { AddressInput } from '../schemas/address.ts'
import { CustomValues, listedKeys } from '../schemas/custom-values.ts'
import { Customer, CustomerAnswer, sampleCustomer, toCustomer } from '../schemas/customer.ts'

const ContactInput = z.object({
  fullName: z.string().min(1).meta({ title: 'Full name' }),
  email: z.email().optional().meta({ title: 'E-mail' }),
  phoneNumber: z.string().optional().meta({ title: 'Phone' }),
  description: z.string().optional().meta({ title: 'Description' }),
  isPrimaryContact: z.boolean().default(true).meta({ title: 'Main contact' }),
})

export const customerUpsert = payaca.action({
  id: 'payaca.customer.upsert',
  version: 1,
  title: 'Create or update a customer',
  summary:
    'Finds the customer by the e-mail of a contact and adds the data to it, or creates a new one. Needs an e-mail: without one Payaca would create a second customer.',
  phrase: 'create or update a customer in {connection}',
  group: 'Customers',
  address: addressOf('customer.upsert'),
  facts: [
    pathFact('customer.upsert'),
    {
      mark: 'CONFIRMED',
      text: 'Any matching e-mail counts; with several matches the customer created first wins. A shared mailbox merges two customers.',
    },
    { mark: 'CONFIRMED', text: 'Tags cannot be given here: use "Add tags to a customer".' },
  ],
  scopes: [],
  input: z.object({
    name: z.string().min(1).optional().meta({ title: 'Name', placeholder: 'Green Homes Ltd' }),
    contacts: z
      .array(ContactInput)
      .min(1)
      .refine((contacts) => contacts.some((contact) => contact.email !== undefined), 'At least one contact needs an e-mail')
      .meta({ title: 'Contacts' }),
    addresses: z
      .array(z.object({ address: AddressInput, isBillingAddress: z.boolean().default(false).meta({ title: 'Billing address' }) }))
      .optional()
      .meta({ title: 'Addresses' }),
    customFields: CustomValues.optional().meta({ title: 'Custom fields', ...listedKeys('customer') }),
  }),
  output: Customer,
  samples: [sampleCustomer],
  rejects: [
    { input: { name: 'Green Homes Ltd', contacts: [] }, because: 'a contact is required' },
    { input: { contacts: [{ fullName: 'Ann Lee' }] }, because: 'without an e-mail a repeat would make a second customer' },
    {
      input: { contacts: [{ fullName: 'Ann Lee', email: 'ann@example.com' }], addresses: [{ address: { line1: '1 High St' } }] },
      because: 'an address needs a postcode',
    },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'Payaca recognises the customer by e-mail and merges' },
  leaves: ({ input, output }) =>
    Object.entries(input.customFields ?? {}).map(([identifier, value]) => fieldMark(output.id, identifier, value)),
  async run({ input, connection, http }) {
    return toCustomer(await http({ ...route('customer.upsert', connection), body: input, reply: CustomerAnswer }))
  },
})
