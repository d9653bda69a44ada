import { z } from 'zod'
import { payaca } from '../connector.ts'
import { fieldMark } from '../marks.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { CustomValues, listedKeys } from '../schemas/custom-values.ts'
import { Customer, CustomerAnswer, CustomerId, sampleCustomer, toCustomer } from '../schemas/customer.ts'

export const customerUpdateCustomFields = payaca.action({
  id: 'payaca.customer.update-custom-fields',
  version: 1,
  title: 'Set custom fields of a customer',
  summary: 'Sets the given custom fields of a customer and no others. The fields must exist in Payaca.',
  phrase: 'set custom fields of a customer in {connection}',
  group: 'Customers',
  address: addressOf('customer.update'),
  facts: [
    pathFact('customer.update'),
    {
      mark: 'ASSUMED',
      text: 'Fields that are not named stay as they are. Couplet sends its own fields only, and never null for the whole.',
    },
    { mark: 'ASSUMED', text: 'Customer fields may have to be made in Payaca by hand.' },
  ],
  scopes: [],
  input: z.object({
    customerId: CustomerId,
    customFields: CustomValues.refine((values) => Object.keys(values).length > 0, 'Name at least one field').meta({
      title: 'Custom fields',
      examples: [{ ghlSocialTags: 'Solar, Spring launch' }],
      ...listedKeys('customer'),
    }),
  }),
  output: Customer,
  samples: [sampleCustomer],
  rejects: [
    { input: { customerId: 'c1', customFields: {} }, because: 'nothing to set' },
    { input: { customerId: 'c1', customFields: null }, because: 'null could empty all fields' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'sets absolute values of our own fields' },
  // Both what was sent and what Payaca made of it: a later read may show either.
  leaves: ({ input, output }) => [
    ...new Set(
      Object.entries(input.customFields).flatMap(([identifier, sent]) => [
        fieldMark(input.customerId, identifier, sent),
        fieldMark(input.customerId, identifier, output.customFields[identifier] ?? sent),
      ]),
    ),
  ],
  foresees: ({ input }) => Object.entries(input.customFields).map(([identifier, sent]) => fieldMark(input.customerId, identifier, sent)),
  async run({ input, connection, http }) {
    return toCustomer(
      await http({
        ...route('customer.update', connection, { id: input.customerId }),
        body: { customFields: input.customFields },
        reply: CustomerAnswer,
      }),
    )
  },
})
