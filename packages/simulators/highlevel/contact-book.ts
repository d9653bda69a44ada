import { type Highlevel, nowIso } from './context.ts'
import { shortId } from './ids.ts'
import { inLocation } from './lookup.ts'
import type { Contact } from './state.ts'

/** Members of a contact body that are columns; the rest is kept under `more`. */
const COLUMNS: ReadonlySet<string> = new Set([
  'locationId',
  'firstName',
  'lastName',
  'name',
  'email',
  'phone',
  'tags',
  'customFields',
  'dnd',
])

export type ContactBody = Record<string, unknown> & {
  firstName?: string | undefined
  lastName?: string | undefined
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  tags?: string[] | undefined
  customFields?: Record<string, unknown>[] | undefined
  dnd?: boolean | undefined
}

const digits = (phone: string): string => phone.replaceAll(/[^\d+]/g, '')

/** The contact that has this e-mail or phone already: what upsert matches on. */
export function contactLike(
  context: Highlevel,
  locationId: string,
  body: ContactBody,
): { contact: Contact; matchingField: 'email' | 'phone' } | undefined {
  const email = body.email?.toLowerCase()
  const phone = body.phone === undefined ? undefined : digits(body.phone)
  for (const contact of inLocation(context.state.contacts, locationId)) {
    if (email !== undefined && contact.email?.toLowerCase() === email) return { contact, matchingField: 'email' }
    if (phone !== undefined && contact.phone !== undefined && digits(contact.phone) === phone) return { contact, matchingField: 'phone' }
  }
  return undefined
}

const customFieldsOf = (before: Contact['customFields'], given: readonly Record<string, unknown>[]): Contact['customFields'] => {
  const fields = new Map(before.map((field) => [field.id, field]))
  for (const field of given) {
    const { id: fieldId, key } = field
    const id = typeof fieldId === 'string' ? fieldId : typeof key === 'string' ? key : ''
    fields.set(id, { id, value: field['field_value'] ?? field['value'] ?? '' })
  }
  return [...fields.values()]
}

/** Writes the given members over a contact; `tags` replaces the whole list, custom fields are merged by id. */
export function writeContact(context: Highlevel, contact: Contact, body: ContactBody): void {
  const [first, ...rest] = (body.name ?? '').split(' ')
  if (body.name !== undefined) Object.assign(contact, { firstName: first ?? '', lastName: rest.join(' ') })
  for (const name of ['firstName', 'lastName', 'email', 'phone', 'dnd', 'tags'] as const)
    if (body[name] !== undefined) Object.assign(contact, { [name]: body[name] })
  if (body.customFields) contact.customFields = customFieldsOf(contact.customFields, body.customFields)
  contact.more = { ...contact.more, ...Object.fromEntries(Object.entries(body).filter(([name]) => !COLUMNS.has(name))) }
  contact.dateUpdated = nowIso(context)
}

export function addContact(context: Highlevel, locationId: string, body: ContactBody): Contact {
  const now = nowIso(context)
  const contact: Contact = {
    id: shortId(),
    locationId,
    firstName: '',
    lastName: '',
    tags: [],
    customFields: [],
    dnd: false,
    dateAdded: now,
    dateUpdated: now,
    more: {},
  }
  writeContact(context, contact, body)
  context.state.contacts.push(contact)
  return contact
}

/** A contact as the API shows it; its members are also those of the contact webhooks. */
export function shownContact({ more, firstName, lastName, ...contact }: Contact): Record<string, unknown> {
  const name = `${firstName} ${lastName}`.trim()
  return {
    ...more,
    ...contact,
    name,
    contactName: name,
    firstName,
    lastName,
    firstNameLowerCase: firstName.toLowerCase(),
    lastNameLowerCase: lastName.toLowerCase(),
    fullNameLowerCase: name.toLowerCase(),
    ...(contact.email === undefined ? {} : { emailLowerCase: contact.email.toLowerCase() }),
  }
}
