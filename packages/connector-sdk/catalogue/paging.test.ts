import { describe, expect, test } from 'vitest'
import { firstPage, memberAt, nextPage, type PagingStyle, typedValues } from './paging.ts'

const items = (count: number): unknown[] => Array.from({ length: count }, (_, index) => ({ id: `i${index}` }))
const next = (style: PagingStyle, asked: Record<string, unknown>, reply: unknown, count: number, seen = 0, own?: unknown[]) =>
  nextPage(style, { asked, reply, items: own ?? items(count), seen })

describe('styles that count', () => {
  test('go on from what was read while the total says there is more', () => {
    expect(next('skip-limit', { skip: '50', limit: '50' }, { results: { count: 120 } }, 50, 50)).toEqual({ skip: 100 })
    expect(next('skip-limit', { skip: 100, limit: 50 }, { results: { count: 120 } }, 20, 100)).toBeUndefined()
    expect(next('offset-limit', { offset: 0, limit: 50 }, { totalCount: 51 }, 50)).toEqual({ offset: 50 })
    expect(next('page-limit', { page: 1, limit: 50 }, { meta: { total: 60 } }, 50)).toEqual({ page: 2 })
    expect(next('page-page-size', { page: 3, pageSize: 10 }, { total: 30 }, 10, 20)).toBeUndefined()
  })
  test('believe a total over a short page: the vendor may give fewer than were asked for', () => {
    expect(next('offset-limit', { offset: 0, limit: 50 }, { total: 100 }, 20)).toEqual({ offset: 20 })
  })
  test('understand totals given as text or in a list', () => {
    expect(next('skip-limit', { skip: 0, limit: 2 }, { results: { meta: { count: '3' } } }, 2)).toEqual({ skip: 2 })
    expect(next('offset-limit', { offset: 0, limit: 2 }, { total: [{ total: 2 }] }, 2)).toBeUndefined()
  })
  test('without a total, go on while pages are full', () => {
    expect(next('skip-limit', { skip: 0, limit: 50 }, {}, 50)).toEqual({ skip: 50 })
    expect(next('skip-limit', { skip: 0, limit: 50 }, {}, 49)).toBeUndefined()
    expect(next('page', { page: 1 }, {}, 3)).toEqual({ page: 2 })
  })
  test('end at an empty page, whatever the total says', () => {
    expect(next('skip-limit', { skip: 0, limit: 50 }, { count: 900 }, 0)).toBeUndefined()
    expect(next('page', { page: 9 }, {}, 0)).toBeUndefined()
  })
})

describe('styles with a mark', () => {
  test('search-after goes on from the last item and drops the page number', () => {
    const own = [{ id: 'a', searchAfter: [1, 'a'] }]
    expect(next('search-after', { page: 1, pageLimit: 1 }, { total: 5 }, 0, 0, own)).toEqual({ searchAfter: [1, 'a'], page: null })
    expect(next('search-after', { page: 1, limit: 1 }, {}, 0, 0, [{ sort: [7] }])).toEqual({ searchAfter: [7], page: null })
    expect(next('search-after', { page: 1, pageLimit: 1 }, { total: 1 }, 0, 0, own)).toBeUndefined()
    expect(next('search-after', { page: 1, pageLimit: 1 }, {}, 1)).toBeUndefined()
  })
  test('start-after takes both marks from the answer, and ends when one is missing', () => {
    expect(next('start-after', {}, { meta: { startAfter: 17, startAfterId: 'x' } }, 1)).toEqual({
      startAfter: 17,
      startAfterId: 'x',
      page: null,
    })
    expect(next('start-after', {}, { meta: { startAfterId: 'x' } }, 1)).toBeUndefined()
  })
  test('conversations go on from the date of the last one', () => {
    expect(next('start-after-date', { limit: 1 }, {}, 0, 0, [{ sort: [1_700] }])).toEqual({ startAfterDate: 1_700 })
    expect(next('start-after-date', { limit: 5 }, {}, 0, 0, [{ sort: [1_700] }])).toBeUndefined()
  })
  test('messages go on only while the answer says so', () => {
    expect(next('last-message-id', {}, { messages: { lastMessageId: 'm1', nextPage: true } }, 1)).toEqual({ lastMessageId: 'm1' })
    expect(next('last-message-id', {}, { messages: { lastMessageId: 'm1', nextPage: false } }, 1)).toBeUndefined()
  })
  test('cursors and tokens go on until there is none', () => {
    expect(next('cursor', {}, { nextCursor: 'c' }, 1)).toEqual({ cursor: 'c' })
    expect(next('cursor', {}, { nextCursor: null }, 1)).toBeUndefined()
    expect(next('page-token', {}, { nextPageToken: 't' }, 1)).toEqual({ pageToken: 't' })
    expect(next('page-token', {}, { nextPageToken: '' }, 1)).toBeUndefined()
  })
  test('a list that gives everything at once has one page', () => {
    expect(firstPage('single', new Set(), 50)).toEqual({})
    expect(next('single', {}, { total: 900 }, 10)).toBeUndefined()
  })
})

test('the first page of a search names its length as the operation does', () => {
  expect(firstPage('search-after', new Set(['limit']), 50)).toEqual({ page: 1, limit: 50 })
  expect(firstPage('search-after', new Set(['pageLimit', 'limit']), 50)).toEqual({ page: 1, pageLimit: 50 })
  expect(firstPage('search-after', new Set(['']), 50)).toEqual({ page: 1, pageLimit: 50 })
})

test('paging numbers travel as text where the operation declares text, and only there', () => {
  const facts = { parameters: [{ name: 'skip', in: 'query' as const, schema: { type: 'string' } }] }
  expect(typedValues(facts, { limit: { type: 'string' }, page: { type: 'number' } }, { skip: 0, limit: 50, page: 1, other: 2 })).toEqual({
    skip: '0',
    limit: '50',
    page: 1,
    other: 2,
  })
})

test('members are found by their path, and nothing else is', () => {
  expect(memberAt({ results: { tags: [1] } }, 'results.tags')).toEqual([1])
  expect(memberAt([1], '')).toEqual([1])
  expect(memberAt({}, 'constructor.name')).toBeUndefined()
})
