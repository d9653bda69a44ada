import { cases } from '@couplet/connector-sdk'
import { contactAddTags } from '../operations/contact-add-tags.ts'
import { contactCreate } from '../operations/contact-create.ts'
import { contactGet } from '../operations/contact-get.ts'
import { contactRemoveTags } from '../operations/contact-remove-tags.ts'
import { contactSearch } from '../operations/contact-search.ts'
import { contactUpdate } from '../operations/contact-update.ts'
import { contactUpsert } from '../operations/contact-upsert.ts'
import { outage, refusedScope, slowDown, UNKNOWN_ID, whole, world } from './state.ts'

export const contactGetCases = cases(contactGet, [
  { name: 'reads a contact', input: (state) => ({ id: world(state).contact().id }), expect: whole(contactGet, ({ id }) => id !== '') },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/contacts' }],
    input: (state) => ({ id: world(state).contact().id }),
    fails: 'scope-missing',
  },
])

export const contactSearchCases = cases(contactSearch, [
  { name: 'finds contacts', input: {}, expect: whole(contactSearch, ({ contacts }) => contacts.length > 0) },
  { name: 'is asked to slow down', given: [{ ...slowDown, path: '/contacts' }], input: {}, fails: 'throttled' },
])

export const contactAddTagsCases = cases(contactAddTags, [
  {
    name: 'adds tags',
    input: (state) => ({ contactId: world(state).contact().id, tags: ['added by a case'] }),
    expect: whole(contactAddTags, ({ tags }) => tags.includes('added by a case')),
  },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/contacts' }],
    input: { contactId: UNKNOWN_ID, tags: ['x'] },
    fails: 'unavailable',
  },
])

export const contactRemoveTagsCases = cases(contactRemoveTags, [
  {
    name: 'removes tags',
    input: (state) => ({ contactId: world(state).contact().id, tags: ['no such tag'] }),
    expect: whole(contactRemoveTags, ({ contactId }) => contactId !== ''),
  },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/contacts' }],
    input: { contactId: UNKNOWN_ID, tags: ['x'] },
    fails: 'scope-missing',
  },
])

export const contactUpsertCases = cases(contactUpsert, [
  {
    name: 'creates a contact nobody has',
    input: { email: 'new.by.case@example.com', firstName: 'Nora' },
    expect: { isNew: true, email: 'new.by.case@example.com' },
  },
  {
    name: 'is asked to slow down',
    given: [{ ...slowDown, path: '/contacts' }],
    input: { email: 'new.by.case@example.com' },
    fails: 'throttled',
  },
])

export const contactCreateCases = cases(contactCreate, [
  {
    name: 'creates a contact',
    input: { email: 'created.by.case@example.com', lastName: 'Case' },
    expect: { email: 'created.by.case@example.com' },
  },
  {
    name: 'names the field HighLevel refuses',
    given: [
      {
        fault: 'status',
        path: '/contacts',
        times: 1,
        status: 422,
        body: { statusCode: 422, message: ['email must be an email'], error: 'Unprocessable Entity' },
      },
    ],
    input: { email: 'x@example.com' },
    fails: 'rejected',
  },
])

export const contactUpdateCases = cases(contactUpdate, [
  { name: 'changes one member', input: (state) => ({ id: world(state).contact().id, city: 'York' }), expect: { city: 'York' } },
  { name: 'sees an outage', given: [{ ...outage, path: '/contacts' }], input: { id: UNKNOWN_ID, city: 'York' }, fails: 'unavailable' },
])
