import { cases } from '@couplet/connector-sdk'
import { socialAccountDelete } from '../operations/social-account-delete.ts'
import { socialAccountList } from '../operations/social-account-list.ts'
import { socialCategoryGet } from '../operations/social-category-get.ts'
import { socialCategoryList } from '../operations/social-category-list.ts'
import { socialTagGetMany } from '../operations/social-tag-get-many.ts'
import { socialTagList } from '../operations/social-tag-list.ts'
import { outage, refusedScope, slowDown, UNKNOWN_ID, whole, world } from './state.ts'

export const tagListCases = cases(socialTagList, [
  { name: 'reads all tags', input: {}, expect: whole(socialTagList, ({ tags, names }) => tags.length > 0 && names.length === tags.length) },
  {
    name: 'reads one page',
    input: { skip: 0, limit: 1 },
    expect: whole(socialTagList, ({ tags, count }) => tags.length <= 1 && count >= tags.length),
  },
  {
    name: 'finds a tag by its name',
    input: (state) => ({ searchText: world(state).tag.tag }),
    expect: whole(socialTagList, ({ tags }) => tags.length > 0),
  },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/social-media-posting' }], input: {}, fails: 'scope-missing' },
  { name: 'is asked to slow down', given: [{ ...slowDown, path: '/social-media-posting' }], input: {}, fails: 'throttled' },
])

export const tagGetManyCases = cases(socialTagGetMany, [
  {
    name: 'reads tags by id and names those it did not find',
    input: (state) => ({ tagIds: [world(state).tag['_id'], UNKNOWN_ID] }),
    expect: whole(socialTagGetMany, ({ tags, missingIds }) => tags.length === 1 && missingIds[0] === UNKNOWN_ID),
  },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/social-media-posting' }],
    input: (state) => ({ tagIds: [world(state).tag['_id']] }),
    fails: 'unavailable',
  },
])

export const categoryListCases = cases(socialCategoryList, [
  { name: 'reads the categories', input: {}, expect: whole(socialCategoryList, ({ categories }) => categories.length > 0) },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/social-media-posting' }], input: {}, fails: 'scope-missing' },
])

export const categoryGetCases = cases(socialCategoryGet, [
  {
    name: 'reads a category',
    input: (state) => ({ id: world(state).category['_id'] }),
    expect: whole(socialCategoryGet, ({ name }) => name !== ''),
  },
  { name: 'does not find a category of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const accountListCases = cases(socialAccountList, [
  {
    name: 'reads accounts and groups',
    input: {},
    expect: whole(socialAccountList, ({ accounts, profileIds }) => accounts.length > 0 && profileIds.length > 0),
  },
  {
    name: 'leaves other platforms out',
    input: (state) => ({ platform: world(state).account.platform }),
    expect: whole(socialAccountList, ({ accounts }) => new Set(accounts.map((account) => account.platform)).size === 1),
  },
  {
    name: 'is told when the token is refused',
    given: [{ fault: 'status', path: '/social-media-posting', times: 3, status: 401, body: { statusCode: 401, message: 'Invalid JWT' } }],
    input: {},
    fails: 'auth-expired',
  },
])

export const accountDeleteCases = cases(socialAccountDelete, [
  {
    name: 'removes an account',
    input: (state) => ({ id: world(state).accounts.at(-1)?.id ?? UNKNOWN_ID }),
    expect: whole(socialAccountDelete, ({ id }) => id !== ''),
  },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting' }],
    input: (state) => ({ id: world(state).account.id }),
    fails: 'scope-missing',
  },
])
