import { z } from 'zod'
import { requireLocation } from '../auth.ts'
import { addContact, type ContactBody, contactLike, shownContact, writeContact } from '../contact-book.ts'
import { type Highlevel, isIndexed, isOn, nowIso } from '../context.ts'
import { refuse, VendorRefusal } from '../errors.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { type Call, flat, LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { amount, anyObject, flag, listOf, numberString, text } from '../schema.ts'
import type { Contact } from '../state.ts'
import { emit } from '../webhooks/emit.ts'

const READ = ['contacts.readonly']
const WRITE = ['contacts.write']
const PAGE_MAX = 500

const optional = [
  'firstName',
  'lastName',
  'name',
  'email',
  'phone',
  'address1',
  'city',
  'state',
  'postalCode',
  'website',
  'timezone',
  'source',
  'country',
  'companyName',
  'assignedTo',
  'gender',
] as const
const texts = Object.fromEntries(
  optional.map((name) => [
    name,
    text()
      .nullish()
      .transform((value) => value ?? undefined),
  ]),
)
const members = {
  ...texts,
  dnd: flag().optional(),
  dndSettings: anyObject().optional(),
  inboundDndSettings: anyObject().optional(),
  tags: listOf(text()).optional(),
  customFields: listOf(anyObject()).optional(),
  dateOfBirth: text().optional(),
}
const UpdateBody: z.ZodType<ContactBody> = z.strictObject(members)
const CreateBody: z.ZodType<ContactBody & { locationId: string }> = z.strictObject({
  ...members,
  locationId: text(),
  createNewIfDuplicateAllowed: flag().optional(),
})
const TagsBody = z.strictObject({ tags: listOf(text()) })
const SearchBody = z.looseObject({
  locationId: text(),
  pageLimit: amount().optional(),
  page: amount().optional(),
  searchAfter: listOf(z.union([z.string(), z.number()])).optional(),
  query: text().optional(),
  filters: listOf(anyObject()).optional(),
  sort: listOf(anyObject()).optional(),
})

/** The contact of the path, if the token may see it. An unknown id answers 400 (status ASSUMED; the files declare 400, 401, 422). */
function contactAt({ context, token, params }: Call): Contact {
  const id = params['contactId'] ?? ''
  const contact = rowBy(context.state.contacts, 'id', id)
  if (!contact) throw refuse(400, `Contact with id ${id} not found`)
  requireLocation(context, token, contact.locationId)
  return contact
}

const announce = (context: Highlevel, event: string, contact: Contact): void =>
  emit(context, event, contact.locationId, { ...shownContact(contact), type: event })

/** Tells about a change: ContactUpdate always, ContactTagUpdate when the list of tags moved. */
function announceChange(context: Highlevel, contact: Contact, tagsBefore: readonly string[]): void {
  announce(context, 'ContactUpdate', contact)
  if (tagsBefore.join('\n') !== contact.tags.join('\n')) announce(context, 'ContactTagUpdate', contact)
}

type Filter = { field: string; operator: string; value: unknown }
const fits = (contact: Contact, filter: Record<string, unknown>): boolean => {
  const { field, operator, value } = filter as Filter
  const actual = shownContact(contact)[field]
  const list = (Array.isArray(actual) ? actual : [actual]).map((item) => String(item ?? '').toLowerCase())
  const wanted = (Array.isArray(value) ? value : [value]).map((item) => String(item ?? '').toLowerCase())
  if (operator === 'contains') return wanted.some((item) => list.some((own) => own.includes(item)))
  if (operator === 'not_eq') return !wanted.some((item) => list.includes(item))
  if (operator === 'exists') return actual !== undefined && actual !== ''
  return wanted.some((item) => list.includes(item))
}

const matchesQuery = (contact: Contact, query: string | undefined): boolean =>
  query === undefined ||
  `${contact.firstName} ${contact.lastName} ${contact.email ?? ''} ${contact.phone ?? ''}`.toLowerCase().includes(query.toLowerCase())

/** Rows by one of their members, as `sort` asks: `{field, direction}`. */
function sorted(rows: readonly Contact[], sort: Record<string, unknown> | undefined): readonly Contact[] {
  if (sort === undefined) return rows
  const told = (row: Contact): string => {
    const value: unknown = shownContact(row)[String(sort['field'])]
    return typeof value === 'string' ? value : ''
  }
  const sign = sort['direction'] === 'asc' ? 1 : -1
  return rows.toSorted((left, right) => sign * told(left).localeCompare(told(right)))
}

const cursorOf = (contact: Contact): [number, string] => [Date.parse(contact.dateAdded), contact.id]
/** Rows after the one a cursor names, newest first. */
const after = (rows: readonly Contact[], id: string | undefined): readonly Contact[] =>
  id === undefined ? rows : rows.slice(rows.findIndex((row) => row.id === id) + 1)

export const contactOperations: readonly Operation[] = [
  operation({
    id: 'search-contacts-advanced',
    method: 'POST',
    path: '/contacts/search',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    body: SearchBody,
    run: ({ context, body }) => {
      const found = sorted(
        inLocation(context.state.contacts, body.locationId)
          .filter((row) => isIndexed(context, row.dateAdded))
          .filter((row) => matchesQuery(row, body.query) && (body.filters ?? []).every((filter) => fits(row, filter)))
          .toReversed(),
        isOn(context, 'contactSearchSort') ? body.sort?.[0] : undefined,
      )
      const limit = Math.min(body.pageLimit ?? 20, PAGE_MAX)
      const cursor = body.searchAfter?.at(-1)
      const start = body.searchAfter
        ? after(found, cursor === undefined ? undefined : String(cursor))
        : found.slice(((body.page ?? 1) - 1) * limit)
      return flat({
        contacts: start.slice(0, limit).map((row) => ({ ...shownContact(row), searchAfter: cursorOf(row) })),
        total: found.length,
      })
    },
  }),
  operation({
    id: 'upsert-contact',
    method: 'POST',
    path: '/contacts/upsert',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: CreateBody,
    run: ({ context, body }) => {
      const known = contactLike(context, body.locationId, body)?.contact
      if (!known) {
        const contact = addContact(context, body.locationId, body)
        announce(context, 'ContactCreate', contact)
        return flat({ new: true, contact: shownContact(contact) })
      }
      const tagsBefore = known.tags
      writeContact(context, known, body)
      announceChange(context, known, tagsBefore)
      return flat({ new: false, contact: shownContact(known) })
    },
  }),
  operation({
    id: 'create-contact',
    method: 'POST',
    path: '/contacts/',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: CreateBody,
    run: ({ context, body }) => {
      const known = contactLike(context, body.locationId, body)
      if (known && isOn(context, 'duplicateContact400')) {
        const meta = { contactId: known.contact.id, contactName: shownContact(known.contact)['name'], matchingField: known.matchingField }
        throw new VendorRefusal(400, { statusCode: 400, message: 'This location does not allow duplicated contacts.', meta })
      }
      const contact = addContact(context, body.locationId, body)
      announce(context, 'ContactCreate', contact)
      return flat({ contact: shownContact(contact) }, 201)
    },
  }),
  operation({
    id: 'get-contacts',
    method: 'GET',
    path: '/contacts/',
    exists: { v2: true, v3: false },
    tokens: LOCATION_TOKENS,
    scopes: READ,
    query: z.object({
      locationId: text(),
      startAfterId: text().optional(),
      startAfter: numberString().optional(),
      query: text().optional(),
      limit: numberString().optional(),
    }),
    run: ({ context, query }) => {
      const found = inLocation(context.state.contacts, query.locationId)
        .filter((row) => matchesQuery(row, query.query))
        .toReversed()
      const page = after(found, query.startAfterId).slice(0, Math.min(Number(query.limit ?? 20), 100))
      const last = page.at(-1)
      return flat({
        contacts: page.map(shownContact),
        count: found.length,
        meta: { total: found.length, ...(last ? { startAfterId: last.id, startAfter: cursorOf(last)[0] } : {}) },
      })
    },
  }),
  operation({
    id: 'get-contact',
    method: 'GET',
    path: '/contacts/:contactId',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    run: (call) => flat({ contact: shownContact(contactAt(call)) }),
  }),
  operation({
    id: 'update-contact',
    method: 'PUT',
    path: '/contacts/:contactId',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: UpdateBody,
    run: (call) => {
      const contact = contactAt(call)
      const tagsBefore = contact.tags
      writeContact(call.context, contact, call.body)
      announceChange(call.context, contact, tagsBefore)
      return flat({ succeded: true, contact: shownContact(contact) })
    },
  }),
  operation({
    id: 'delete-contact',
    method: 'DELETE',
    path: '/contacts/:contactId',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: (call) => {
      const contact = contactAt(call)
      call.context.state.contacts = call.context.state.contacts.filter((row) => row !== contact)
      announce(call.context, 'ContactDelete', contact)
      return flat({ succeded: true })
    },
  }),
  ...(['POST', 'DELETE'] as const).map((method) =>
    operation({
      id: method === 'POST' ? 'add-tags' : 'remove-tags',
      method,
      path: '/contacts/:contactId/tags',
      tokens: LOCATION_TOKENS,
      scopes: WRITE,
      body: TagsBody,
      run: (call) => {
        const contact = contactAt(call)
        const before = contact.tags
        contact.tags =
          method === 'POST' ? [...new Set([...before, ...call.body.tags])] : before.filter((tag) => !call.body.tags.includes(tag))
        if (before.length !== contact.tags.length) {
          contact.dateUpdated = nowIso(call.context)
          announce(call.context, 'ContactTagUpdate', contact)
        }
        return flat({ tags: contact.tags }, method === 'POST' ? 201 : 200)
      },
    }),
  ),
]
