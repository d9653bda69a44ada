import type { z } from 'zod'
import type { AddressLines, CustomerBody, CustomerUpdate } from './bodies.ts'
import { updatedValues } from './custom-fields.ts'
import { Refusal } from './refusal.ts'
import { type Address, type Customer, nextId, type PayacaContext, type PayacaState, type SiteAddress } from './state.ts'

type CustomerInput = z.output<typeof CustomerUpdate>

/** The customer as answers show it. Whether tags and custom fields are part of it is ASSUMED. */
export function customerBody(context: PayacaContext, customer: Customer) {
  const { createdAt: _createdAt, tags, customFields, ...rest } = customer
  return {
    ...rest,
    ...(context.setting('customerCarriesTags') ? { tags } : {}),
    ...(context.setting('customerCarriesCustomFields') ? { customFields } : {}),
  }
}

export function customerById(state: PayacaState, id: string): Customer {
  const customer = state.customers.find((customer) => customer.id === id)
  if (!customer) throw new Refusal(404, 'Customer not found')
  return customer
}

/** Nested or plain address in, flat address out (CONFIRMED). A plain string becomes the first line (ASSUMED). */
export function flatAddress(lines: z.output<typeof AddressLines>): SiteAddress {
  const none = { line2: null, city: null, postcode: null, country: null, regionallyUniqueIdentifier: null }
  if (typeof lines === 'string') return { ...none, line1: lines }
  return {
    ...none,
    line1: lines.line1,
    line2: lines.line2 ?? null,
    city: lines.city ?? null,
    postcode: lines.postcode,
    country: lines.country ?? null,
  }
}

function mergeContacts(state: PayacaState, customer: Customer, contacts: NonNullable<CustomerInput['contacts']>): void {
  for (const contact of contacts) {
    const email = contact.email?.toLowerCase()
    const known = customer.contacts.find((other) => email !== undefined && other.email?.toLowerCase() === email)
    const isPrimaryContact = contact.isPrimaryContact ?? known?.isPrimaryContact ?? customer.contacts.length === 0
    if (isPrimaryContact) for (const other of customer.contacts) other.isPrimaryContact = false
    const written = {
      fullName: contact.fullName,
      email: contact.email ?? known?.email ?? null,
      phoneNumber: contact.phoneNumber ?? known?.phoneNumber ?? null,
      description: contact.description ?? known?.description ?? null,
      isPrimaryContact,
    }
    if (known) Object.assign(known, written)
    else customer.contacts.push({ id: nextId(state, 'k'), ...written })
  }
}

function mergeAddresses(state: PayacaState, customer: Customer, addresses: NonNullable<CustomerInput['addresses']>): void {
  for (const { address, isBillingAddress, accessContacts } of addresses) {
    const flat = flatAddress(address)
    const known = customer.addresses.find((other) => other.line1 === flat.line1 && other.postcode === flat.postcode)
    const written: Omit<Address, 'id'> = {
      ...flat,
      regionallyUniqueIdentifier: known?.regionallyUniqueIdentifier ?? null,
      accessContacts: (accessContacts ?? known?.accessContacts ?? []).map((contact) => ({
        fullName: contact.fullName ?? null,
        email: contact.email ?? null,
        phoneNumber: contact.phoneNumber ?? null,
        description: contact.description ?? null,
      })),
      isBillingAddress: isBillingAddress ?? known?.isBillingAddress ?? false,
    }
    if (known) Object.assign(known, written)
    else customer.addresses.push({ id: nextId(state, 'a'), ...written })
  }
}

/** Writes the given members; how contacts and addresses of the same customer combine is ASSUMED (e-mail; first line and postcode). */
export function writeCustomer(context: PayacaContext, customer: Customer, input: CustomerInput): Customer {
  // First, because it is the only part that can refuse: a refused call must change nothing.
  customer.customFields = updatedValues(context, 'customer', customer.customFields, input.customFields)
  customer.name = input.name ?? customer.name
  mergeContacts(context.state, customer, input.contacts ?? [])
  mergeAddresses(context.state, customer, input.addresses ?? [])
  context.touch()
  return customer
}

/** Create, or merge into the customer created first among those that have one of the e-mails (CONFIRMED). */
export function createOrUpdateCustomer(context: PayacaContext, input: z.output<typeof CustomerBody>): Customer {
  const { state } = context
  const emails = new Set(input.contacts.flatMap(({ email }) => (email ? [email.toLowerCase()] : [])))
  const matching = state.customers.filter(({ contacts }) => contacts.some(({ email }) => email !== null && emails.has(email.toLowerCase())))
  const earliest = matching.toSorted((one, other) => one.createdAt - other.createdAt)[0]
  if (earliest) return writeCustomer(context, earliest, input)
  const customer: Customer = {
    id: nextId(state, 'c'),
    name: input.name ?? null,
    contacts: [],
    addresses: [],
    tags: [],
    customFields: {},
    createdAt: context.clock.now(),
  }
  writeCustomer(context, customer, input)
  state.customers.push(customer)
  return customer
}
