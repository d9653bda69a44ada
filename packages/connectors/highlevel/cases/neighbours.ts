import { cases } from '@couplet/connector-sdk'
import { locationGet } from '../operations/location-get.ts'
import { locationSearch } from '../operations/location-search.ts'
import { locationTagCreate } from '../operations/location-tag-create.ts'
import { locationTagDelete } from '../operations/location-tag-delete.ts'
import { locationTagGet } from '../operations/location-tag-get.ts'
import { locationTagList } from '../operations/location-tag-list.ts'
import { locationTagRename } from '../operations/location-tag-rename.ts'
import { mediaList } from '../operations/media-list.ts'
import { mediaUploadFromUrl } from '../operations/media-upload-from-url.ts'
import { mediaUpload } from '../operations/media-upload.ts'
import { operationRead } from '../operations/operation-read.ts'
import { operationWrite } from '../operations/operation-write.ts'
import { userList } from '../operations/user-list.ts'
import { userSearch } from '../operations/user-search.ts'
import { outage, refusedScope, slowDown, UNKNOWN_ID, whole, world } from './state.ts'

export const locationGetCases = cases(locationGet, [
  { name: 'reads the sub-account', input: {}, expect: whole(locationGet, ({ name, id }) => name !== '' && id !== '') },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/locations' }], input: {}, fails: 'scope-missing' },
])

export const locationSearchCases = cases(locationSearch, [
  { name: 'finds sub-accounts', input: {}, expect: whole(locationSearch, ({ locations }) => locations.length > 0) },
  { name: 'is asked to slow down', given: [{ ...slowDown, path: '/locations' }], input: {}, fails: 'throttled' },
])

export const userListCases = cases(userList, [
  {
    name: 'reads the people',
    input: {},
    expect: whole(userList, ({ users }) => users.length > 0 && users.every((user) => user.name !== '')),
  },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/users' }], input: {}, fails: 'scope-missing' },
])

export const userSearchCases = cases(userSearch, [
  {
    name: 'finds people of the sub-account',
    input: (state) => ({ companyId: world(state).companyId }),
    expect: whole(userSearch, ({ users }) => users.length > 0),
  },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/users' }],
    input: (state) => ({ companyId: world(state).companyId }),
    fails: 'unavailable',
  },
])

export const locationTagListCases = cases(locationTagList, [
  {
    name: 'reads the tags',
    input: {},
    expect: whole(locationTagList, ({ tags, names }) => tags.length === names.length && tags.length > 0),
  },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/locations' }], input: {}, fails: 'scope-missing' },
])

export const locationTagCreateCases = cases(locationTagCreate, [
  { name: 'creates a tag', input: { name: 'made by a case' }, expect: { name: 'made by a case', isNew: true } },
  { name: 'uses the tag that is there', input: (state) => ({ name: world(state).locationTag().name }), expect: { isNew: false } },
  { name: 'sees an outage', given: [{ ...outage, path: '/locations' }], input: { name: 'made by a case' }, fails: 'unavailable' },
])

export const locationTagRenameCases = cases(locationTagRename, [
  {
    name: 'renames a tag',
    input: (state) => ({ id: world(state).locationTag().id, name: 'renamed by a case' }),
    expect: { name: 'renamed by a case' },
  },
  { name: 'does not find a tag of nobody', input: { id: UNKNOWN_ID, name: 'x' }, fails: 'not-found' },
])

export const locationTagGetCases = cases(locationTagGet, [
  {
    name: 'reads a tag',
    input: (state) => ({ id: world(state).locationTag().id }),
    expect: whole(locationTagGet, ({ name }) => name !== ''),
  },
  { name: 'does not find a tag of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const locationTagDeleteCases = cases(locationTagDelete, [
  {
    name: 'deletes a tag',
    input: (state) => ({ id: world(state).locationTag().id }),
    expect: whole(locationTagDelete, ({ id }) => id !== ''),
  },
  { name: 'does not find a tag of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const mediaListCases = cases(mediaList, [
  { name: 'reads the files', input: {}, expect: whole(mediaList, ({ files }) => files.every((file) => file.id !== '')) },
  { name: 'names the missing permission', given: [{ ...refusedScope, path: '/medias' }], input: {}, fails: 'scope-missing' },
])

export const mediaUploadFromUrlCases = cases(mediaUploadFromUrl, [
  {
    name: 'is told when HighLevel cannot fetch the file',
    input: { fileUrl: 'http://127.0.0.1:9/missing.jpg', name: 'missing-by-a-case.jpg' },
    fails: 'rejected',
  },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/medias' }],
    input: { fileUrl: 'https://files.example/panels.jpg', name: 'x.jpg' },
    fails: 'unavailable',
  },
])

export const mediaUploadCases = cases(mediaUpload, [
  {
    name: 'adds base64 content',
    input: { name: 'dot-by-a-case.gif', contentType: 'image/gif', encoding: 'base64', content: 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=' },
    expect: whole(mediaUpload, ({ id }) => id !== ''),
  },
  {
    name: 'refuses what is not base64',
    input: { name: 'x.gif', contentType: 'image/gif', encoding: 'base64', content: '%%%' },
    fails: 'user',
  },
])

export const operationReadCases = cases(operationRead, [
  {
    name: 'performs a read by GET',
    input: { operation: 'get-tags-location-id', query: { skip: '0', limit: '1' } },
    expect: { status: 200 },
  },
  {
    name: 'performs a read by POST',
    input: (state) => ({ operation: 'get-tags-by-ids', body: { tagIds: [world(state).tag['_id']] } }),
    expect: { status: 201 },
  },
  {
    name: 'performs a read of the newer generation',
    input: (state) => ({ operation: 'v3:get-statistics', body: { profileIds: [world(state).account.profileId] } }),
    expect: { status: 200 },
  },
  { name: 'does not perform a write', input: { operation: 'create-post', body: {} }, fails: 'user' },
  { name: 'does not leave a path unfilled', input: { operation: 'get-post' }, fails: 'user' },
])

export const operationWriteCases = cases(operationWrite, [
  {
    name: 'performs a write',
    input: { operation: 'create-tag', body: { name: 'written by a case' } },
    expect: whole(operationWrite, ({ status }) => status < 300),
  },
  { name: 'does not open a browser window', input: { operation: 'start-facebook-oauth' }, fails: 'user' },
  { name: 'is told of a wrong value', input: { operation: 'create-post', body: { accountIds: 7 } }, fails: 'rejected' },
])
