import { describe, expect, test } from 'vitest'
import { editBody, refuseUneditable } from './edit-body.ts'
import { tagsAfter } from './operations/social-post-set-tags.ts'
import { isSought } from './reads/find-post.ts'
import { mediaTypeOf } from './schemas/media.ts'
import { CreatePostInput, needsV3, postBody } from './schemas/post-input.ts'
import { PostReply } from './schemas/post.ts'

const scheduled = PostReply.parse({
  _id: 'p1',
  status: 'scheduled',
  type: 'post',
  summary: 'Hello',
  accountIds: ['a1', 'a2'],
  tags: ['t1'],
  createdBy: 'u1',
  displayDate: '2026-05-01T09:00:00.000Z',
  createdAt: '2026-03-01T09:00:00.000Z',
  media: [
    { url: 'https://x.example/a.png', type: 'image' },
    { url: 'https://x.example/v', type: 'video' },
  ],
  postApprovalDetails: { approver: 'u2', approverUser: { id: 'u2' } },
  tiktokPostDetails: {},
  error: '',
  platform: 'google',
})

describe('the body of an edit', () => {
  test('resends status and date of a scheduled post, so that it does not fall back to a draft', () => {
    expect(editBody(scheduled, { tags: ['t1', 't2'] })).toMatchObject({
      status: 'scheduled',
      scheduleDate: '2026-05-01T09:00:00.000Z',
      scheduleTimeUpdated: true,
      tags: ['t1', 't2'],
      userId: 'u1',
      createdBy: 'u1',
    })
  })
  test('turns media types back and sends nothing HighLevel does not take', () => {
    const body = editBody(scheduled, {})
    expect(body['media']).toEqual([
      { url: 'https://x.example/a.png', type: 'image/png' },
      { url: 'https://x.example/v', type: 'video/mp4' },
    ])
    expect(body['postApprovalDetails']).toEqual({ approver: 'u2' })
    for (const name of ['_id', 'id', 'error', 'platform', 'displayDate', 'tiktokPostDetails', 'locationId'])
      expect(body).not.toHaveProperty(name)
  })
  test('of a draft carries no date', () => {
    expect(editBody({ ...scheduled, status: 'draft' }, {})).not.toHaveProperty('scheduleDate')
  })
  test('is not made for a published post', () => {
    expect(() => refuseUneditable({ ...scheduled, status: 'published' })).toThrow('does not allow changes')
    expect(() => refuseUneditable(scheduled)).not.toThrow()
  })
})

describe('a new post', () => {
  const base = { accountIds: ['a1'], userId: 'u1', summary: 'Hello' }
  test('is a draft unless told otherwise', () => {
    expect(CreatePostInput.parse(base).status).toBe('draft')
  })
  test('sends its date in UTC and its media with exact types', () => {
    const body = postBody(
      CreatePostInput.parse({
        ...base,
        status: 'scheduled',
        scheduleDate: '2026-05-01T11:00:00+02:00',
        media: [{ url: 'https://x.example/a.jpg' }],
      }),
    )
    expect(body).toMatchObject({
      scheduleDate: '2026-05-01T09:00:00.000Z',
      media: [{ url: 'https://x.example/a.jpg', type: 'image/jpeg' }],
    })
    expect(body).not.toHaveProperty('userId')
  })
  test('uses the newer version only when a block needs it', () => {
    expect(needsV3(CreatePostInput.parse(base))).toBe(false)
    expect(needsV3(CreatePostInput.parse({ ...base, youtubePostDetails: { type: 'short' } }))).toBe(true)
  })
  test('nests the dates of a Google event as HighLevel wants them', () => {
    const body = postBody(
      CreatePostInput.parse({
        ...base,
        gmbPostDetails: { gmbEventType: 'EVENT', title: 'Open day', startsAt: '2026-05-01T09:30', endsAt: '2026-05-02' },
      }),
    )
    expect(body['gmbPostDetails']).toMatchObject({
      startDate: { startDate: { year: 2026, month: 5, day: 1 }, startTime: { hours: 9, minutes: 30, seconds: 0 } },
      endDate: { endDate: { year: 2026, month: 5, day: 2 } },
    })
  })
})

describe('the post that may have been created', () => {
  const sought = { accountIds: ['a1', 'a2'], userId: 'u1', summary: 'Hello ', scheduleDate: '2026-05-01T09:00:00.000Z', isDraft: false }
  const nowMs = Date.parse('2026-03-01T10:00:00Z')
  const now = { nowMs, sentFrom: undefined }
  test('is recognised by person, text, accounts and plan', () => {
    expect(isSought(scheduled, sought, now)).toBe(true)
  })
  test('is not one by another person, with another text or plan, made long ago, or deleted', () => {
    expect(isSought({ ...scheduled, createdBy: 'u9' }, sought, now)).toBe(false)
    expect(isSought({ ...scheduled, summary: 'Bye' }, sought, now)).toBe(false)
    expect(isSought({ ...scheduled, displayDate: '2026-05-02T09:00:00.000Z' }, sought, now)).toBe(false)
    expect(isSought(scheduled, sought, { ...now, nowMs: nowMs + 2 * 86_400_000 })).toBe(false)
    expect(isSought({ ...scheduled, status: 'deleted' }, sought, now)).toBe(false)
  })
  test('is not one that was there before this one was sent, but may be by a clock that goes a little wrong', () => {
    const createdAt = Date.parse('2026-03-01T09:00:00.000Z')
    expect(isSought(scheduled, sought, { nowMs, sentFrom: createdAt + 11_000 })).toBe(false)
    expect(isSought(scheduled, sought, { nowMs, sentFrom: createdAt + 9_000 })).toBe(true)
  })
})

test('tags are added, removed or replaced as a set', () => {
  expect(tagsAfter(['a', 'b'], ['b', 'c'], 'add')).toEqual(['a', 'b', 'c'])
  expect(tagsAfter(['a', 'b'], ['b'], 'remove')).toEqual(['a'])
  expect(tagsAfter(['a'], ['c', 'c'], 'replace')).toEqual(['c'])
})

test('a media type follows what was told, then the ending, then the kind', () => {
  expect(mediaTypeOf('https://x/a', 'image/gif')).toBe('image/gif')
  expect(mediaTypeOf('https://x/a.PNG?v=1', 'image')).toBe('image/png')
  expect(mediaTypeOf('https://x/a.png', 'video')).toBe('video/mp4')
  expect(mediaTypeOf('https://x/a')).toBe('image/jpeg')
})
