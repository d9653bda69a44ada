import { describe, expect, test } from 'vitest'
import { compareLists } from './compare.ts'
import { readFault } from './fault.ts'
import { meets, type Test } from './filter.ts'
import { builtin } from './index.ts'
import { JsonPath, readJsonPath } from './json-path.ts'
import { mergeLabels } from './labels.ts'
import { isCron } from './schemas/cron.ts'
import { readStatistics, statisticsSentence } from './statistics.ts'
import { scheduleDue } from './triggers/schedule-due.ts'
import { webhookReceived } from './triggers/webhook-received.ts'

describe('declaration', () => {
  test.each([...builtin.actions, ...builtin.triggers].map((operation) => [operation.id, operation] as const))(
    '%s: samples parse, rejects do not',
    (_, operation) => {
      for (const sample of operation.samples) expect(operation.output.parse(sample)).toEqual(sample)
      if (operation.kind === 'action')
        for (const { input, because } of operation.rejects ?? []) expect(operation.input.safeParse(input).success, because).toBe(false)
    },
  )
  test('no sentence names a connection', () => {
    for (const operation of [...builtin.actions, ...builtin.triggers]) expect(operation.phrase).not.toContain('{connection}')
  })
})

test.each([
  [429, 'throttled'],
  [503, 'unavailable'],
])('HTTP %i of any server waits as long as it says, in seconds or by a date', (status, kind) => {
  const answer = (headers: Record<string, string>) => readFault({ status, headers, body: '', method: 'GET', path: 'https://a.test/x' })
  expect(answer({ 'retry-after': '7' })).toMatchObject({ kind, retryAfterMs: 7_000 })
  expect(answer({ date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:01:30 GMT' })).toMatchObject({
    kind,
    retryAfterMs: 90_000,
  })
})

describe('merging labels', () => {
  const merge = (current: string | string[], labels: string[]) => mergeLabels({ current, labels, prefix: 'ghl:', marker: 'ghl' })
  test('tags of others stay, ours follow the labels', () => {
    expect(merge('catalogue, ghl:old ,ghl', ['Spring'])).toEqual({
      tags: ['catalogue', 'ghl', 'ghl:Spring'],
      changed: true,
      added: ['ghl:Spring'],
      removed: ['ghl:old'],
      replaced: [],
    })
  })
  test('merging again changes nothing, in whatever order the tags come back', () => {
    const { tags } = merge('catalogue', ['a', 'b'])
    expect(merge(tags.toReversed(), ['b', 'a']).changed).toBe(false)
  })
  test('no labels leave the marker, so that the list is never empty', () => expect(merge('ghl:a', []).tags).toEqual(['ghl']))
  test('a comma is replaced and told', () => expect(merge('', ['a, b']).replaced).toEqual([{ label: 'a, b', used: 'a b' }]))
})

describe('places in data', () => {
  test('members and positions', () => expect(readJsonPath({ a: [{ b: 1 }] }, 'a[0].b')).toBe(1))
  test('what is inherited is not there', () => expect(readJsonPath({}, 'constructor')).toBeUndefined())
  test.each(['', 'a..b', '[0]x', 'a.', 'a[x]'])('%j is no place', (path) => expect(JsonPath.safeParse(path).success).toBe(false))
})

describe('filter and compare', () => {
  const holds = (actual: unknown, test: Test, value?: unknown) => meets({ x: actual }, { path: 'x', test, value })
  test.each<[unknown, Test, unknown, boolean]>([
    ['Solar', 'is', 'solar', true],
    [1, 'is', '1', false],
    ['b', 'is-not', 'a', true],
    [['Solar', 'Wind'], 'contains', 'wind', true],
    ['heat pump', 'contains', 'PUMP', true],
    ['ghl:a', 'starts-with', 'ghl:', true],
    ['10', 'greater', 9, true],
    ['2026-09-15', 'less', '2026-10-01', true],
    [null, 'greater', 0, false],
    [[], 'is-empty', undefined, true],
    [0, 'is-empty', undefined, false],
    ['x', 'is-not-empty', undefined, true],
  ])('%j %s %j is %s', (actual, test, value, expected) => expect(holds(actual, test, value)).toBe(expected))
  test('a member that is not there is empty', () => expect(meets({}, { path: 'x', test: 'is-empty' })).toBe(true))

  test('lists are compared whatever the order', () => {
    expect(compareLists(['a', 'b'], ['b', 'c'], undefined)).toEqual({
      added: ['c'],
      removed: ['a'],
      kept: ['b'],
      changed: [],
      isSame: false,
    })
    expect(compareLists([{ b: 1, a: 2 }, 1], [1, { a: 2, b: 1 }], undefined).isSame).toBe(true)
  })
  test('with a name, an item whose rest differs has changed', () => {
    expect(compareLists([{ id: 1, t: 'a' }], [{ id: 1, t: 'b' }], 'id')).toMatchObject({
      added: [],
      removed: [],
      changed: [{ before: { t: 'a' }, after: { t: 'b' } }],
    })
  })
})

describe('statistics', () => {
  const raw = {
    results: {
      totals: { posts: 12, likes: '210', followers: 1520, comments: 18 },
      breakdowns: {
        impressions: { total: 4321, totalChange: 12.5, platforms: { facebook: { value: 4000, change: 10 }, instagram: { value: 321 } } },
        reach: { total: 3000, totalChange: -3, platforms: { facebook: { value: 3000 } } },
        engagement: { facebook: { likes: 200, comments: 18, shares: 7 } },
      },
      platformTotals: { followers: { facebook: { total: 1520, series: [] } }, likes: { instagram: { total: 10 } } },
      postPerformance: { posts: { facebook: [1, 2, null], instagram: 'none' } },
    },
  }
  test('the vendor’s maps give totals with changes and a line per platform', () => {
    const { totals, platforms } = readStatistics(raw)
    expect(totals).toEqual([
      { label: 'Posts', value: 12 },
      { label: 'Impressions', value: 4321, changePercent: 12.5 },
      { label: 'Reach', value: 3000, changePercent: -3 },
      { label: 'Likes', value: 210 },
      { label: 'Comments', value: 18 },
      { label: 'Shares', value: 7 },
      { label: 'Followers', value: 1520 },
    ])
    expect(platforms).toEqual([
      { platform: 'facebook', followers: 1520, impressions: 4000, reach: 3000, likes: 200, comments: 18, shares: 7, posts: 3 },
      { platform: 'instagram', impressions: 321, likes: 10 },
    ])
  })
  test('the tidy form reads the same', () => {
    const tidy = {
      totals: { posts: 2, reach: 9 },
      changes: { reach: 5 },
      platforms: [{ platform: 'facebook', posts: 2, reach: 9, postsChange: 1 }, { posts: 4 }],
    }
    expect(readStatistics(tidy)).toEqual({
      totals: [
        { label: 'Posts', value: 2 },
        { label: 'Reach', value: 9, changePercent: 5 },
      ],
      platforms: [{ platform: 'facebook', posts: 2, reach: 9 }],
    })
  })
  test.each([[undefined], [{}], [{ results: null }], [{ totals: 'x', breakdowns: [] }]])(
    'nothing useful in %j gives nothing, not zeros',
    (reading) => {
      expect(readStatistics(reading)).toEqual({ totals: [], platforms: [] })
      expect(statisticsSentence(readStatistics(reading), 'Leeds')).toBe('Leeds: no figures yet for this period.')
    },
  )
  test('the sentence is for people', () => {
    expect(
      statisticsSentence(
        {
          totals: [
            { label: 'Posts', value: 1 },
            { label: 'Reach', value: 3000, changePercent: -3 },
          ],
          platforms: [],
        },
        'Leeds',
      ),
    ).toBe('Leeds: 1 post, 3,000 reach (down 3 %).')
  })
})

describe('starts', () => {
  const facts = (body: unknown, idPath?: string) =>
    webhookReceived.push?.facts({
      input: { idPath },
      connection: {},
      topic: 'webhook',
      body,
      bodySha256: 'abc',
      receivedAt: '2026-09-15T10:00:00Z',
    }) ?? []
  test('the id of a webhook is its key; without one, its content', () => {
    expect(facts({ data: { id: 7 } }, 'data.id')[0]?.key).toBe('webhook.id:7')
    expect(facts({ data: {} }, 'data.id')[0]?.key).toBe('webhook.sha256:abc')
    expect(facts({ id: 'abc' }, 'id')[0]?.key).not.toBe(facts({})[0]?.key)
  })
  test.each(['0 7 * * MON', '*/15 * * * *', '0 0 1,15 jan-mar *', '0 6-18/2 * * 1-5'])('%j is a pattern', (pattern) =>
    expect(isCron(pattern)).toBe(true),
  )
  test.each(['', '* * * *', '60 * * * *', '0 24 * * *', '0 0 0 * *', '5-1 * * * *', '*/0 * * * *', '0 7 * * FUNDAY', '1/2/3 * * * *'])(
    '%j is none',
    (pattern) => expect(isCron(pattern)).toBe(false),
  )
  test('the day is the day in the zone, and last week ends before it', () => {
    const fact = scheduleDue.scheduled?.fact({
      input: { pattern: '0 0 * * *', zone: 'Pacific/Auckland' },
      dueAt: '2026-09-14T12:30:00.000Z',
      previousAt: undefined,
      zone: 'Pacific/Auckland',
    })
    expect(fact).toMatchObject({
      key: 'schedule:2026-09-14T12:30:00.000Z',
      data: { day: '2026-09-15', lastWeek: { from: '2026-09-08', to: '2026-09-14' } },
    })
  })
  test('a zone or pattern that does not exist is refused', () => {
    expect(scheduleDue.input.safeParse({ pattern: '0 7 * * *', zone: 'Leeds' }).success).toBe(false)
    expect(scheduleDue.input.safeParse({ pattern: 'every monday' }).success).toBe(false)
  })
})

describe('answers of any server', () => {
  test.each([
    [200, undefined],
    [302, 'rejected'],
    [401, 'rejected'],
    [404, 'not-found'],
    [409, 'conflict'],
    [429, 'throttled'],
    [500, 'unavailable'],
  ])('HTTP %i is %s', (status, kind) =>
    expect(readFault({ status, headers: {}, body: '', method: 'GET', path: 'https://example.com/a?token=x' })?.kind).toBe(kind),
  )
  test('a query is not shown, it may hold a secret', () =>
    expect(
      JSON.stringify(readFault({ status: 500, headers: {}, body: '', method: 'GET', path: 'https://example.com/a?token=x' })),
    ).not.toContain('token'))
})
