import { describe, expect, test } from 'vitest'
import { PostReply } from '../schemas/post.ts'
import { dayStart, isZone } from '@couplet/connector-sdk'
import { postPublishedKey, windowOf } from './post-feed.ts'
import { reportWindow } from './social-statistics-due.ts'
import { socialTagChanged } from './social-tag-changed.ts'

describe('the window of posts', () => {
  const now = '2026-03-20T00:00:00.000Z'
  test('overlaps by 14 days and reaches a day ahead', () => {
    expect(windowOf({ since: '2026-01-01T00:00:00.000Z', readAt: '2026-03-19T00:00:00.000Z' }, now)).toEqual({
      from: '2026-03-06T00:00:00.000Z',
      to: '2026-03-21T00:00:00.000Z',
    })
  })
  test('reaches back to the last reading after a long outage', () => {
    expect(windowOf({ since: '2026-01-01T00:00:00.000Z', readAt: '2026-02-01T00:00:00.000Z' }, now).from).toBe('2026-01-31T00:00:00.000Z')
  })
  test('does not reach before the flow was switched on', () => {
    expect(windowOf({ since: '2026-03-18T00:00:00.000Z' }, now).from).toBe('2026-03-17T00:00:00.000Z')
  })
})

test('all parts of a post give the key of the whole', () => {
  const whole = PostReply.parse({ _id: 'p1' })
  const part = PostReply.parse({ _id: 'p1a', parentPostId: 'p1' })
  expect(postPublishedKey(part, 'loc')).toBe(postPublishedKey(whole, 'loc'))
  expect(postPublishedKey(whole, 'loc')).toBe('hl.post:loc:p1:published')
})

describe('the days to report', () => {
  test('end with yesterday and are compared with as many before', () => {
    expect(reportWindow({ zone: 'UTC', days: 7 }, '2026-03-09T07:00:00.000Z')).toMatchObject({
      from: '2026-03-02T00:00:00.000Z',
      to: '2026-03-08T23:59:59.999Z',
      previousFrom: '2026-02-23T00:00:00.000Z',
      previousTo: '2026-03-01T23:59:59.999Z',
      firstDay: '2026-03-02',
      lastDay: '2026-03-08',
    })
  })
  test('are whole days of the zone, also across a change of the clock', () => {
    expect(new Date(dayStart('Europe/Berlin', Date.parse('2026-03-30T12:00:00Z'), 0)).toISOString()).toBe('2026-03-29T22:00:00.000Z')
    expect(new Date(dayStart('Europe/Berlin', Date.parse('2026-03-30T12:00:00Z'), 1)).toISOString()).toBe('2026-03-28T23:00:00.000Z')
  })
  test('know which zones exist', () => {
    expect(isZone('Europe/London')).toBe(true)
    expect(isZone('Mars/Olympus')).toBe(false)
  })
})

describe('a change of a tag', () => {
  const poll = socialTagChanged.poll
  const tag = { id: 't1', name: 'summer', isDeleted: false, updatedAt: '2026-03-01T00:00:00.000Z' }
  test('is keyed by place, tag, content and revision, and tells the name before', () => {
    if (poll?.mode !== 'scan') throw new Error('tags are scanned')
    const fact = poll.fact({
      change: 'changed',
      item: tag,
      previous: { ...tag, name: 'spring' },
      hash: 'h',
      revision: 2,
      connection: { locationId: 'loc' },
      now: '2026-03-02T00:00:00.000Z',
    })
    expect(fact.key).toBe('hl.tag:loc:t1:h:2')
    expect(fact.data).toMatchObject({ change: 'changed', previousName: 'spring', locationId: 'loc' })
  })
  test('is seen in the name, the deletion mark and the time of change only', () => {
    if (poll?.mode !== 'scan') throw new Error('tags are scanned')
    expect(poll.content(tag)).toEqual({ tag: 'summer', deleted: false, updatedAt: '2026-03-01T00:00:00.000Z' })
    expect(poll.isRemoved?.({ ...tag, isDeleted: true })).toBe(true)
  })
})
