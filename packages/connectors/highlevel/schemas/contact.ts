import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText } from './lenient.ts'

const text = (title: string) => z.string().optional().meta({ title })

export const Contact = z
  .object({
    id: z.string().meta({ title: 'Contact id' }),
    name: text('Name'),
    firstName: text('First name'),
    lastName: text('Last name'),
    email: text('E-mail'),
    phone: text('Phone'),
    companyName: text('Company'),
    address1: text('Street'),
    city: text('City'),
    state: text('State'),
    postalCode: text('Postal code'),
    country: text('Country'),
    website: text('Website'),
    source: text('Source'),
    assignedTo: text('Owner (user id)'),
    doNotDisturb: z.boolean().meta({ title: 'Do not disturb' }),
    tags: z.array(z.string()).meta({ title: 'Tags' }),
    customFields: z
      .array(z.object({ id: z.string().meta({ title: 'Field id' }), value: z.json().meta({ title: 'Value' }) }))
      .meta({ title: 'Custom fields' }),
    createdAt: text('Created at'),
    updatedAt: text('Changed at'),
  })
  .meta({ title: 'Contact' })
export type Contact = z.output<typeof Contact>

const Field = z
  .looseObject({ id: z.string(), value: z.json().optional() })
  .transform((field) => ({ id: field.id, value: field.value ?? null }))

/** A contact as HighLevel sends it, in answers and in webhooks alike. */
export const ContactReply = z
  .looseObject({
    id: z.string(),
    contactName: maybeText,
    name: maybeText,
    firstName: maybeText,
    lastName: maybeText,
    email: maybeText,
    phone: maybeText,
    companyName: maybeText,
    address1: maybeText,
    city: maybeText,
    state: maybeText,
    postalCode: maybeText,
    country: maybeText,
    website: maybeText,
    source: maybeText,
    assignedTo: maybeText,
    dnd: maybe(z.boolean()),
    tags: listOf(z.string()),
    customFields: listOf(Field),
    dateAdded: maybeText,
    dateUpdated: maybeText,
    searchAfter: maybe(z.array(z.json())),
  })
  .transform((item): Contact & { searchAfter?: z.core.util.JSONType[] | undefined } => ({
    id: item.id,
    name: item.name ?? item.contactName ?? ([item.firstName, item.lastName].filter(Boolean).join(' ') || undefined),
    firstName: item.firstName,
    lastName: item.lastName,
    email: item.email,
    phone: item.phone,
    companyName: item.companyName,
    address1: item.address1,
    city: item.city,
    state: item.state,
    postalCode: item.postalCode,
    country: item.country,
    website: item.website,
    source: item.source,
    assignedTo: item.assignedTo,
    doNotDisturb: item.dnd === true,
    tags: item.tags,
    customFields: item.customFields,
    createdAt: item.dateAdded,
    updatedAt: item.dateUpdated,
    searchAfter: item.searchAfter,
  }))

/** Without the paging mark of a search. */
export const toContact = ({ searchAfter: _mark, ...contact }: z.output<typeof ContactReply>): Contact => contact

export const OneContactReply = z
  .looseObject({ contact: maybe(ContactReply) })
  .transform((reply) => (reply.contact ? toContact(reply.contact) : undefined))
export const UpsertReply = z.looseObject({ contact: ContactReply, new: maybe(z.boolean()) })
export const ContactsReply = z.looseObject({ contacts: listOf(ContactReply), total: maybeNumber, count: maybeNumber })
export const ContactTagsReply = z.looseObject({ tags: listOf(z.string()) })

/** Members of a contact that can be written. */
export const ContactInput = {
  email: z.email().optional().meta({ title: 'E-mail' }),
  phone: z.string().min(4).optional().meta({ title: 'Phone', placeholder: '+447700900101' }),
  firstName: text('First name'),
  lastName: text('Last name'),
  companyName: text('Company'),
  address1: text('Street'),
  city: text('City'),
  state: text('State'),
  postalCode: text('Postal code'),
  country: z.string().length(2).optional().meta({ title: 'Country', description: 'Two letters, such as GB.' }),
  website: z.url().optional().meta({ title: 'Website' }),
  timezone: z.string().optional().meta({ title: 'Time zone', advanced: true }),
  source: text('Source'),
  assignedTo: z.string().min(1).optional().meta({ title: 'Owner', list: 'users', given: [] }),
  customFields: z
    .array(z.object({ id: pick('contact-fields').meta({ title: 'Custom field' }), value: z.json().meta({ title: 'Value' }) }))
    .optional()
    .meta({ title: 'Custom fields', advanced: true }),
}

/** The body of a write: custom field values go under `field_value` (CONFIRMED in the contacts file), empty members are left out. */
export function contactBody({
  customFields,
  ...fields
}: {
  customFields?: readonly { id: string; value: unknown }[] | undefined
  [field: string]: unknown
}): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return customFields ? { ...given, customFields: customFields.map((field) => ({ id: field.id, field_value: field.value })) } : given
}

export const contactSample: Contact = {
  id: 'CntAliceRowan0000001',
  name: 'Alice Rowan',
  firstName: 'Alice',
  lastName: 'Rowan',
  email: 'alice.rowan@example.com',
  phone: '+447700900101',
  companyName: 'Rowan Bakery Ltd',
  city: 'Leeds',
  country: 'GB',
  doNotDisturb: false,
  tags: ['solar', 'spring offer'],
  customFields: [{ id: 'CfRoofType0000000001', value: 'slate' }],
  createdAt: '2026-03-02T08:15:00.000Z',
}
