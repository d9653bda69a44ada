import type { Http, HttpReply, HttpRequest } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'
import type { HighlevelCall } from '../connection.ts'
import { listChanged } from './list-changed.ts'
import { readListPage } from './read-list.ts'

/** A vendor that answers from a list, and keeps what it was asked. */
function vendorWith(answer: (request: HttpRequest) => unknown): { call: HighlevelCall; asked: HttpRequest[] } {
  const asked: HttpRequest[] = []
  const exchange = (request: HttpRequest): Promise<HttpReply> => {
    asked.push(request)
    return Promise.resolve({ status: 200, headers: {}, body: answer(request) })
  }
  const http: Http = Object.assign(async (request: Parameters<Http>[0]) => request.reply.parse((await exchange(request)).body) as never, {
    exchange,
  })
  const call: HighlevelCall = {
    connection: { locationId: 'loc1' },
    http,
    log: () => undefined,
    clock: { now: () => 0 },
    signal: new AbortController().signal,
  }
  return { call, asked }
}

async function readAll(call: HighlevelCall, ask: Parameters<typeof readListPage>[1]): Promise<unknown[]> {
  const items: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < 20; page++) {
    const read = await readListPage(call, ask, cursor)
    items.push(...read.items)
    if (read.next === undefined) return items
    cursor = read.next
  }
  throw new Error('The list did not end')
}

const tags = Array.from({ length: 120 }, (_, index) => ({ _id: `t${index}`, tag: `Tag ${index}` }))

describe('a list of the catalogue', () => {
  test('is read page by page to its end, with numbers as text where the vendor wants text', async () => {
    const { call, asked } = vendorWith(({ query }) => {
      const skip = Number(query?.['skip'])
      return { success: true, results: { tags: tags.slice(skip, skip + Number(query?.['limit'])), count: tags.length } }
    })
    expect(await readAll(call, { operation: 'social-media-posting.get-tags-location-id', parameters: {} })).toEqual(tags)
    expect(asked.map(({ path, query }) => [path, query])).toEqual([
      ['/social-media-posting/loc1/tags', { limit: '50', skip: '0' }],
      ['/social-media-posting/loc1/tags', { limit: '50', skip: '50' }],
      ['/social-media-posting/loc1/tags', { limit: '50', skip: '100' }],
    ])
  })

  test('that is asked for in a body the vendor leaves open goes on by its mark', async () => {
    const contacts = Array.from({ length: 60 }, (_, index) => ({ id: `c${index}`, searchAfter: [index] }))
    const { call, asked } = vendorWith(({ body }) => {
      const after =
        typeof body === 'object' && body !== null && 'searchAfter' in body && Array.isArray(body.searchAfter)
          ? Number(body.searchAfter[0]) + 1
          : 0
      return { contacts: contacts.slice(after, after + 50), total: contacts.length }
    })
    expect(await readAll(call, { operation: 'contacts.search-contacts-advanced', parameters: { locationId: 'loc1' } })).toEqual(contacts)
    expect(asked.map(({ body }) => body)).toEqual([
      { locationId: 'loc1', page: 1, pageLimit: 50 },
      { locationId: 'loc1', pageLimit: 50, searchAfter: [49] },
    ])
  })

  test('is narrowed by parameters, which go before those of the paging', async () => {
    const { call, asked } = vendorWith(() => ({ opportunities: [], meta: {} }))
    await readAll(call, { operation: 'opportunities.search-opportunity', parameters: { pipeline_id: 'p1', limit: 20, unheardOf: 1 } })
    expect(asked[0]?.query).toEqual({ location_id: 'loc1', pipeline_id: 'p1', limit: 20 })
  })

  test('refuses what is no list and what writes', async () => {
    const { call } = vendorWith(() => ({}))
    const read = (operation: string) => readListPage(call, { operation, parameters: {} }, undefined)
    await expect(read('contacts.get-note')).rejects.toMatchObject({ code: 'highlevel.no_list' })
    await expect(read('contacts.create-note')).rejects.toMatchObject({ code: 'highlevel.unknown_list' })
    await expect(read('nothing.at-all')).rejects.toMatchObject({ code: 'highlevel.unknown_list' })
  })
})

describe('the trigger on any list', () => {
  const poll = listChanged.poll
  const fact = (change: 'created' | 'changed' | 'removed', revision: number) => {
    if (poll?.mode !== 'scan') throw new Error('It scans')
    const item = { operation: 'links.get-links', id: 'l1', item: { id: 'l1', name: 'Offer' }, ignore: ['updatedAt'] }
    const seen = { change, item, previous: change === 'changed' ? item : undefined, hash: 'h', revision }
    return poll.fact({ ...seen, connection: { locationId: 'loc1' }, now: '2026-03-02T09:00:00.000Z' })
  }

  test('gives a fact its output allows, with a key for each change of each item of each list', () => {
    const facts = [fact('created', 1), fact('changed', 2), fact('removed', 3)]
    for (const { data } of facts) expect(listChanged.output.safeParse(data).error?.issues ?? []).toEqual([])
    expect(new Set(facts.map(({ key }) => key)).size).toBe(3)
  })

  test('does not count members that were named as not counting', () => {
    if (poll?.mode !== 'scan') throw new Error('It scans')
    const item = { operation: 'links.get-links', id: 'l1', item: { id: 'l1', name: 'Offer', updatedAt: 1 }, ignore: ['updatedAt'] }
    expect(poll.content(item)).toEqual({ id: 'l1', name: 'Offer' })
  })
})
