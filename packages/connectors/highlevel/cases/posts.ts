import { cases } from '@couplet/connector-sdk'
import { socialPostBulkDelete } from '../operations/social-post-bulk-delete.ts'
import { socialPostCreate } from '../operations/social-post-create.ts'
import { socialPostDelete } from '../operations/social-post-delete.ts'
import { socialPostEdit } from '../operations/social-post-edit.ts'
import { socialPostGetWithInsights } from '../operations/social-post-get-with-insights.ts'
import { socialPostGet } from '../operations/social-post-get.ts'
import { socialPostList } from '../operations/social-post-list.ts'
import { socialPostSetTags } from '../operations/social-post-set-tags.ts'
import { outage, refusedScope, slowDown, UNKNOWN_ID, whole, world } from './state.ts'

const inAWeek = (): string => new Date(Date.now() + 7 * 86_400_000).toISOString()

export const postListCases = cases(socialPostList, [
  {
    name: 'reads posts of all states',
    input: { limit: 10 },
    expect: whole(socialPostList, ({ posts, count }) => posts.length > 0 && count >= posts.length),
  },
  {
    name: 'reads published posts only',
    input: { type: 'published' },
    expect: whole(socialPostList, ({ posts }) => posts.length > 0 && posts.every((post) => post.status === 'published')),
  },
  { name: 'is asked to slow down', given: [{ ...slowDown, path: '/social-media-posting' }], input: {}, fails: 'throttled' },
])

export const postGetCases = cases(socialPostGet, [
  { name: 'reads a post', input: (state) => ({ id: world(state).post('scheduled')['_id'] }), expect: { status: 'scheduled' } },
  { name: 'does not find a post of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const postInsightsCases = cases(socialPostGetWithInsights, [
  {
    name: 'reads a post, with numbers or without',
    input: (state) => ({ id: world(state).post('published')['_id'] }),
    expect: whole(socialPostGetWithInsights, ({ hasInsights, likes }) => hasInsights === (likes !== undefined)),
  },
  { name: 'does not find a post of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const postCreateCases = cases(socialPostCreate, [
  {
    name: 'saves a draft when nothing else is said',
    input: (state) => ({ accountIds: [world(state).account.id], userId: world(state).userId, summary: 'Written by a case' }),
    expect: whole(
      socialPostCreate,
      ({ id, status, post }) => id !== undefined && status === 'draft' && post?.summary === 'Written by a case',
    ),
  },
  {
    name: 'plans a post with an image and a tag',
    input: (state) => ({
      accountIds: [world(state).account.id],
      userId: world(state).userId,
      summary: 'Planned by a case',
      status: 'scheduled' as const,
      scheduleDate: inAWeek(),
      media: [{ url: 'https://files.example/panels.jpg' }],
      tags: [world(state).tag['_id']],
    }),
    expect: whole(socialPostCreate, ({ status, post }) => status === 'scheduled' && post?.tagIds.length === 1 && post.media.length === 1),
  },
  {
    name: 'finds the post when the answer names none',
    given: [{ setting: 'createWithoutResultsPercent', value: 100 }],
    input: (state) => ({ accountIds: [world(state).account.id], userId: world(state).userId, summary: 'Found again by a case' }),
    expect: whole(socialPostCreate, ({ id, post }) => id !== undefined && post?.summary === 'Found again by a case'),
  },
  {
    name: 'marks a date that has passed',
    given: [{ setting: 'strict', value: false }],
    input: (state) => ({
      accountIds: [world(state).account.id],
      userId: world(state).userId,
      summary: 'Too late',
      status: 'scheduled' as const,
      scheduleDate: '2020-01-01T09:00:00Z',
    }),
    fails: 'rejected',
  },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting' }],
    input: (state) => ({ accountIds: [world(state).account.id], userId: world(state).userId, summary: 'x' }),
    fails: 'scope-missing',
  },
])

export const postEditCases = cases(socialPostEdit, [
  {
    name: 'changes the text and keeps the plan',
    input: (state) => ({ id: world(state).post('scheduled')['_id'], summary: 'Changed by a case' }),
    expect: { status: 'scheduled', summary: 'Changed by a case' },
  },
  {
    name: 'turns a draft into a planned post',
    input: (state) => ({
      id: world(state).post('draft')['_id'],
      summary: 'Planned by a case',
      status: 'scheduled' as const,
      scheduleDate: inAWeek(),
    }),
    expect: { status: 'scheduled' },
  },
  {
    name: 'does not change a published post',
    input: (state) => ({ id: world(state).post('published')['_id'], summary: 'x' }),
    fails: 'conflict',
  },
  { name: 'does not find a post of nobody', input: { id: UNKNOWN_ID, summary: 'x' }, fails: 'not-found' },
])

export const postSetTagsCases = cases(socialPostSetTags, [
  {
    name: 'adds a tag to a planned post and leaves it planned',
    input: (state) => ({
      id: world(state).post('scheduled')['_id'],
      tags: world(state)
        .tags.map((tag) => tag['_id'])
        .slice(0, 5),
      mode: 'add' as const,
    }),
    expect: whole(socialPostSetTags, ({ status, tagIds }) => status === 'scheduled' && tagIds.length >= 5),
  },
  {
    name: 'empties the tags of a draft',
    input: (state) => ({ id: world(state).post('draft')['_id'], tags: [], mode: 'replace' as const }),
    expect: { tagIds: [] },
  },
  {
    name: 'sends nothing when the tags are right',
    input: (state) => ({ id: world(state).post('published')['_id'], tags: world(state).post('published').tags }),
    expect: { isChanged: false },
  },
  {
    name: 'does not change a published post',
    input: (state) => ({ id: world(state).post('published')['_id'], tags: [], mode: 'replace' as const }),
    fails: 'conflict',
  },
])

export const postDeleteCases = cases(socialPostDelete, [
  {
    name: 'deletes a draft',
    input: (state) => ({ id: world(state).post('draft')['_id'] }),
    expect: whole(socialPostDelete, ({ id }) => id !== ''),
  },
  { name: 'does not find a post of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const postBulkDeleteCases = cases(socialPostBulkDelete, [
  { name: 'deletes posts', input: (state) => ({ postIds: [world(state).post('draft')['_id']] }), expect: { count: 1 } },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/social-media-posting' }],
    input: (state) => ({ postIds: [world(state).post('draft')['_id']] }),
    fails: 'unavailable',
  },
])
