import { cases } from '@couplet/connector-sdk'
import { socialQueueCalendar } from '../operations/social-queue-calendar.ts'
import { socialQueueChange } from '../operations/social-queue-change.ts'
import { socialQueueCreate } from '../operations/social-queue-create.ts'
import { socialQueueDropPost } from '../operations/social-queue-drop-post.ts'
import { socialQueueGet } from '../operations/social-queue-get.ts'
import { socialQueueListCategories } from '../operations/social-queue-list-categories.ts'
import { socialQueueList } from '../operations/social-queue-list.ts'
import { socialQueueSlots } from '../operations/social-queue-slots.ts'
import { lostAnswer, outage, queued, refusedScope, slowDown, soon, UNKNOWN_ID, whole, world } from './state.ts'

const social = { path: '/social-media-posting' }
export const queueListCases = cases(socialQueueList, [
  {
    name: 'reads the queues with their categories',
    given: [queued],
    input: {},
    expect: whole(
      socialQueueList,
      ({ queues, count }) => count === 1 && queues[0]?.status === 'active' && queues[0].categoryName !== undefined,
    ),
  },
  { name: 'finds none where there is none', input: {}, expect: { queues: [], count: 0 } },
  { name: 'names the missing permission', given: [{ ...refusedScope, ...social }], input: {}, fails: 'scope-missing' },
])

export const queueGetCases = cases(socialQueueGet, [
  {
    name: 'reads a queue with its weekly times',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'] }),
    expect: whole(socialQueueGet, ({ timeSlots }) => timeSlots[0]?.day === 'monday' && timeSlots[1]?.time === '17:30'),
  },
  { name: 'does not find a queue of nobody', input: { queueId: UNKNOWN_ID }, fails: 'not-found' },
])

export const queueListCategoriesCases = cases(socialQueueListCategories, [
  {
    name: 'tells categories with a queue from those without',
    given: [queued],
    input: {},
    expect: whole(
      socialQueueListCategories,
      ({ categories, withoutQueue }) =>
        categories.some(({ status }) => status === 'in_queue') && withoutQueue.length === categories.length - 1,
    ),
  },
  { name: 'is asked to slow down', given: [{ ...slowDown, ...social }], input: {}, fails: 'throttled' },
])

const newQueue = (state: Record<string, unknown>) => ({
  categoryId: world(state).categoryWithoutQueue()['_id'],
  userId: world(state).userId,
  timeSlots: [{ day: 'friday' as const, time: '08:15' }],
})
export const queueCreateCases = cases(socialQueueCreate, [
  {
    name: 'makes a queue as a draft',
    input: newQueue,
    expect: whole(socialQueueCreate, ({ status, timeSlots }) => status === 'draft' && timeSlots[0]?.day === 'friday'),
  },
  {
    name: 'finds the queue again when the answer was lost',
    given: [{ ...lostAnswer, method: 'POST', path: '/social-media-posting/category/queues' }],
    input: newQueue,
    expect: { status: 'draft' },
  },
  {
    name: 'does not find a category nobody has',
    input: (state) => ({ ...newQueue(state), categoryId: UNKNOWN_ID }),
    fails: 'not-found',
  },
])

export const queueChangeCases = cases(socialQueueChange, [
  {
    name: 'pauses a queue and gives it other times',
    given: [queued],
    input: (state) => ({
      queueId: world(state).queue()['_id'],
      status: 'paused' as const,
      timeSlots: [{ day: 'sunday' as const, time: '20:00' }],
    }),
    expect: { status: 'paused', timeSlots: [{ day: 'sunday' as const, time: '20:00' }] },
  },
  {
    name: 'leaves one time out',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'], skipDateTime: '2026-03-16T09:00:00+01:00' }),
    expect: { skippedTimes: ['2026-03-16T08:00:00.000Z'] },
  },
  { name: 'does not find a queue of nobody', input: { queueId: UNKNOWN_ID, status: 'paused' as const }, fails: 'not-found' },
])

export const queueCalendarCases = cases(socialQueueCalendar, [
  {
    name: 'shows what active queues will publish',
    given: [queued],
    input: soon,
    expect: whole(
      socialQueueCalendar,
      ({ posts, timeZone }) =>
        posts.length > 0 && posts.every((post) => post.itemId !== undefined && post.categoryName !== undefined) && timeZone !== '',
    ),
  },
  { name: 'shows nothing of drafts', given: [{ action: 'create-queue', with: { status: 'draft' } }], input: soon, expect: { posts: [] } },
])

export const queueSlotsCases = cases(socialQueueSlots, [
  {
    name: 'reads which item goes out when',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'] }),
    expect: whole(socialQueueSlots, ({ slots, total }) => total > 0 && slots.every(({ at }) => Date.parse(at) > Date.now())),
  },
  {
    name: 'sees an outage',
    given: [queued, { ...outage, ...social }],
    input: (state) => ({ queueId: world(state).queue()['_id'] }),
    fails: 'unavailable',
  },
])

export const queueDropPostCases = cases(socialQueueDropPost, [
  {
    name: 'drops the planned post',
    given: [queued],
    input: (state) => ({ postId: world(state).queue().items[0]?.postId ?? '' }),
    expect: whole(socialQueueDropPost, ({ postId }) => postId !== ''),
  },
  { name: 'does not find a post in no queue', given: [queued], input: { postId: UNKNOWN_ID }, fails: 'not-found' },
])
