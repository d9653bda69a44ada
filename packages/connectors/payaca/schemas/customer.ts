import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { Address, AddressReply, toAddress } from './address.ts'
import { CustomValues, toCustomValues } from './custom-values.ts'
import { objectOf, rowsOf } from './rows.ts'

export const CustomerId = pick('customers').meta({ title: 'Customer', list: 'customers', given: [] })

const Contact = z.object({
  id: z.string().optional().meta({ title: 'Contact id' }),
  fullName: z.string().meta({ title: 'Full name' }),
  email: z.string().meta({ title: 'E-mail' }),
  phoneNumber: z.string().meta({ title: 'Phone' }),
  description: z.string().meta({ title: 'Description' }),
  isPrimaryContact: z.boolean().meta({ title: 'Main contact' }),
})

export const Customer = z
  .object({
    id: z.string().meta({ title: 'Customer id' }),
    name: z.string().meta({ title: 'Name' }),
    email: z.string().meta({ title: 'E-mail', description: 'Of the main contact, else of the first.' }),
    phoneNumber: z.string().meta({ title: 'Phone' }),
    tags: z.array(z.string()).meta({ title: 'Tags' }),
    customFields: CustomValues,
    contacts: z.array(Contact).meta({ title: 'Contacts' }),
    addresses: z.array(Address).meta({ title: 'Addresses' }),
  })
  .meta({ title: 'Customer' })
export type Customer = z.output<typeof Customer>

const text = z.string().nullish().catch(undefined)
/** Tags are names; a `{name}` object is accepted in case an edition answers that. */
const TagReply = z.union([z.string(), z.looseObject({ name: z.string() }).transform((tag) => tag.name)])

/** A customer as Payaca answers it. That `tags` and `customFields` are included is ASSUMED. */
export const CustomerReply = z.looseObject({
  id: z.string().min(1),
  name: text,
  tags: z.array(TagReply).nullish(),
  customFields: z.record(z.string(), z.unknown()).nullish(),
  contacts: z
    .array(
      z.looseObject({
        id: text,
        fullName: text,
        email: text,
        phoneNumber: text,
        description: text,
        isPrimaryContact: z.boolean().nullish().catch(undefined),
      }),
    )
    .nullish(),
  addresses: z.array(AddressReply).nullish(),
})
export type CustomerReply = z.output<typeof CustomerReply>

/** An answer that holds one customer, under its noun or bare. */
export const CustomerAnswer = z
  .unknown()
  .transform((body) => objectOf(body, 'customer'))
  .pipe(CustomerReply)
/** An answer that lists customers; rows without an id are left out. */
export const CustomerListAnswer = z.unknown().transform((body): CustomerReply[] =>
  rowsOf(body, 'customers').flatMap((row) => {
    const parsed = CustomerReply.safeParse(objectOf(row, 'customer'))
    return parsed.success ? [parsed.data] : []
  }),
)

export function toCustomer(reply: CustomerReply): Customer {
  const contacts = (reply.contacts ?? []).map((contact) => ({
    id: contact.id ?? undefined,
    fullName: contact.fullName ?? '',
    email: contact.email ?? '',
    phoneNumber: contact.phoneNumber ?? '',
    description: contact.description ?? '',
    isPrimaryContact: contact.isPrimaryContact ?? false,
  }))
  const main = contacts.find((contact) => contact.isPrimaryContact) ?? contacts[0]
  return {
    id: reply.id,
    name: reply.name ?? main?.fullName ?? '',
    email: main?.email ?? '',
    phoneNumber: main?.phoneNumber ?? '',
    tags: reply.tags ?? [],
    customFields: toCustomValues(reply.customFields),
    contacts,
    addresses: (reply.addresses ?? []).map(toAddress),
  }
}

export const sampleCustomer = {
  id: 'c1',
  name: 'Green Homes Ltd',
  email: 'ann@example.com',
  phoneNumber: '+44 7000 000000',
  tags: ['Solar', 'Spring launch'],
  customFields: { ghlSocialTags: 'Solar, Spring launch' },
  contacts: [
    { id: 'k1', fullName: 'Ann Lee', email: 'ann@example.com', phoneNumber: '+44 7000 000000', description: '', isPrimaryContact: true },
  ],
  addresses: [
    { id: 'a1', line1: '1 High St', line2: '', city: 'Leeds', postcode: 'LS1 1AA', country: 'United Kingdom', isBillingAddress: true },
  ],
} satisfies z.input<typeof Customer>
