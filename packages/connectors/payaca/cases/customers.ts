import { cases } from '@couplet/connector-sdk'
import { customerAddTags } from '../operations/customer-add-tags.ts'
import { customerGet } from '../operations/customer-get.ts'
import { customerList } from '../operations/customer-list.ts'
import { customerRemoveTags } from '../operations/customer-remove-tags.ts'
import { customerUpdateCustomFields } from '../operations/customer-update-custom-fields.ts'
import { customerUpsert } from '../operations/customer-upsert.ts'
import { whole, world } from './state.ts'

export const listCases = cases(customerList, [
  {
    name: 'reads all customers',
    input: {},
    expect: whole(customerList, ({ customers, isComplete }) => customers.length > 1 && isComplete),
  },
  { name: 'stops at the maximum and says so', input: { max: 1 }, expect: { count: 1, isComplete: false } },
  {
    name: 'is told when the credentials are wrong',
    given: [{ fault: 'status', path: '/v1/customers', times: 1, status: 401 }],
    input: {},
    fails: 'auth-expired',
  },
])

export const getCases = cases(customerGet, [
  {
    name: 'reads a customer with tags',
    input: (state) => ({ customerId: world(state).customer.id }),
    expect: whole(customerGet, ({ tags, name }) => tags.length > 0 && name !== ''),
  },
  { name: 'does not find a customer of nobody', input: { customerId: 'nobody' }, fails: 'not-found' },
])

export const upsertCases = cases(customerUpsert, [
  {
    name: 'creates a customer',
    input: { name: 'Case Ltd', contacts: [{ fullName: 'Case', email: 'case@example.com' }] },
    expect: { name: 'Case Ltd', email: 'case@example.com' },
  },
  {
    name: 'finds the customer with that e-mail',
    input: (state) => ({ contacts: [{ fullName: 'Case', email: world(state).email }] }),
    expect: whole(customerUpsert, ({ tags }) => tags.length > 0),
  },
])

export const updateCustomFieldsCases = cases(customerUpdateCustomFields, [
  {
    name: 'sets our field',
    input: (state) => ({ customerId: world(state).customer.id, customFields: { ghlSocialTags: 'Solar, Spring' } }),
    expect: whole(customerUpdateCustomFields, ({ customFields }) => customFields['ghlSocialTags'] === 'Solar, Spring'),
  },
  {
    name: 'is refused a field that does not exist',
    input: (state) => ({ customerId: world(state).customer.id, customFields: { noSuchField: 'x' } }),
    fails: 'rejected',
  },
  {
    name: 'waits when Payaca says slow down',
    given: [{ fault: 'status', path: '/v1/customers/*', times: 1, status: 429 }],
    input: (state) => ({ customerId: world(state).customer.id, customFields: { ghlSocialTags: 'a' } }),
    expect: whole(customerUpdateCustomFields, ({ customFields }) => customFields['ghlSocialTags'] === 'a'),
  },
])

const LONG = 'A tag that is much longer than thirty characters'

export const addTagsCases = cases(customerAddTags, [
  {
    name: 'adds, shortens, and keeps what is there',
    input: (state) => ({ customerId: world(state).customer.id, tags: [LONG] }),
    expect: whole(
      customerAddTags,
      ({ customer, tags, renamed }) =>
        tags.length === 1 && (tags[0]?.length ?? 99) <= 30 && customer.tags.length > 1 && renamed[0]?.wanted === LONG,
    ),
  },
  { name: 'does not find a customer of nobody', input: { customerId: 'nobody', tags: ['Solar'] }, fails: 'not-found' },
])

export const removeTagsCases = cases(customerRemoveTags, [
  {
    name: 'removes a tag',
    input: (state) => ({ customerId: world(state).customer.id, tags: [world(state).tag] }),
    expect: whole(customerRemoveTags, ({ customer, tags }) => tags.every((tag) => !customer.tags.includes(tag))),
  },
])
