import { cases } from '@couplet/connector-sdk'
import { flipbookDelete } from '../operations/flipbook-delete.ts'
import { flipbookGet } from '../operations/flipbook-get.ts'
import { flipbookList } from '../operations/flipbook-list.ts'
import { flipbookSetSocial } from '../operations/flipbook-set-social.ts'
import { flipbookSetTags } from '../operations/flipbook-set-tags.ts'
import { flipbookUpdateDesign } from '../operations/flipbook-update-design.ts'
import { oembedGet } from '../operations/oembed-get.ts'
import { UNKNOWN_ID, whole, world } from './state.ts'

export const listCases = cases(flipbookList, [
  {
    name: 'reads all flipbooks',
    input: {},
    expect: whole(flipbookList, ({ flipbooks, isComplete }) => flipbooks.length > 1 && isComplete),
  },
  { name: 'stops at the maximum and says so', input: { max: 1 }, expect: { count: 1, isComplete: false } },
  {
    name: 'is told when the key is wrong',
    given: [
      {
        fault: 'status',
        path: '/api1/flipbook-list',
        times: 1,
        status: 200,
        body: { success: false, code: 403, msg: 'Invalid user or api key' },
      },
    ],
    input: {},
    fails: 'auth-expired',
  },
])

export const getCases = cases(flipbookGet, [
  {
    name: 'reads a flipbook with its tags',
    input: (state) => ({ id: world(state).onShelf.id }),
    expect: whole(flipbookGet, ({ tags, title }) => tags.length > 0 && title !== ''),
  },
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const updateDesignCases = cases(flipbookUpdateDesign, [
  {
    name: 'changes the title',
    input: (state) => ({ id: world(state).onShelf.id, title: 'Changed by a case' }),
    expect: whole(flipbookUpdateDesign, ({ id }) => id.endsWith('.pdf')),
  },
  {
    name: 'blanks a text',
    input: (state) => ({ id: world(state).onShelf.id, subtitle: '' }),
    expect: whole(flipbookUpdateDesign, ({ id }) => id.endsWith('.pdf')),
  },
  {
    name: 'sees an outage',
    given: [{ fault: 'status', path: '/api1/flipbook-design', status: 500, body: '<html></html>' }],
    input: (state) => ({ id: world(state).onShelf.id, title: 'x' }),
    fails: 'unavailable',
  },
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID, title: 'x' }, fails: 'not-found' },
])

export const setTagsCases = cases(flipbookSetTags, [
  {
    name: 'sets the list and replaces commas',
    input: (state) => ({ id: world(state).onShelf.id, tags: ['ghl', 'ghl:Spring, launch', 'ghl'] }),
    expect: { tags: ['ghl', 'ghl:Spring launch'], tagsText: 'ghl,ghl:Spring launch' },
  },
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID, tags: ['ghl'] }, fails: 'not-found' },
])

export const setSocialCases = cases(flipbookSetSocial, [
  {
    name: 'sets the card',
    input: (state) => ({ id: world(state).onShelf.id, title: 'Card' }),
    expect: whole(flipbookSetSocial, ({ id }) => id.endsWith('.pdf')),
  },
])

export const deleteCases = cases(flipbookDelete, [
  {
    name: 'deletes a flipbook',
    input: (state) => ({ id: world(state).offShelf.id }),
    expect: whole(flipbookDelete, ({ id }) => id.endsWith('.pdf')),
  },
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const oembedCases = cases(oembedGet, [
  {
    name: 'gives a frame to embed',
    input: (state) => ({ url: `https://heyzine.com/flip-book/${world(state).onShelf.id.slice(0, 10)}.html` }),
    expect: whole(oembedGet, ({ html }) => html.includes('<iframe')),
  },
])
