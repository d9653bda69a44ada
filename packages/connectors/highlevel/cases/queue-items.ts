import { cases } from '@couplet/connector-sdk'
import { socialQueueEditBegin } from '../operations/social-queue-edit-begin.ts'
import { socialQueueEditCalendar } from '../operations/social-queue-edit-calendar.ts'
import { socialQueueEditDiscard } from '../operations/social-queue-edit-discard.ts'
import { socialQueueEditSave } from '../operations/social-queue-edit-save.ts'
import { socialQueueItemAdd } from '../operations/social-queue-item-add.ts'
import { socialQueueItemChange } from '../operations/social-queue-item-change.ts'
import { socialQueueItemCopy } from '../operations/social-queue-item-copy.ts'
import { socialQueueItemList } from '../operations/social-queue-item-list.ts'
import { socialQueueItemRemove } from '../operations/social-queue-item-remove.ts'
import { socialQueueItemReset } from '../operations/social-queue-item-reset.ts'
import { lostAnswer, queued, slowDown, soon, UNKNOWN_ID, whole, world } from './state.ts'

const edited = [queued, { action: 'edit-queue', with: {} }]
const item = (state: Record<string, unknown>) => {
  const { _id: queueId, items } = world(state).queue()
  return { queueId, itemId: items[0]?.['_id'] ?? '' }
}
const session = (state: Record<string, unknown>) => {
  const { _id: queueId, edit } = world(state).queue()
  return { queueId, sessionId: edit?.sessionId ?? '' }
}
const NO_SESSION = { sessionId: UNKNOWN_ID }

export const queueItemListCases = cases(socialQueueItemList, [
  {
    name: 'reads the items with texts and times',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'] }),
    expect: whole(
      socialQueueItemList,
      ({ items, count }) => count === items.length && items.every(({ summary, plannedFor }) => summary !== '' && plannedFor !== undefined),
    ),
  },
  {
    name: 'does not find an edit session nobody began',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'], ...NO_SESSION }),
    fails: 'not-found',
  },
])

export const queueItemAddCases = cases(socialQueueItemAdd, [
  {
    name: 'puts a post straight into a queue',
    given: [queued],
    input: (state) => ({
      queueId: world(state).queue()['_id'],
      accountIds: [world(state).account.id],
      summary: 'A tip that never gets old',
      media: [{ url: 'https://files.example/tip.png' }],
      variations: ['The same tip in other words'],
    }),
    expect: {
      summary: 'A tip that never gets old',
      variations: ['The same tip in other words'],
    },
  },
  {
    name: 'puts a post into an edit session at a place',
    given: edited,
    input: (state) => ({ ...session(state), accountIds: [world(state).account.id], summary: 'First of all', order: 1 }),
    expect: { order: 1 },
  },
  {
    name: 'does not find a queue of nobody',
    input: (state) => ({ queueId: UNKNOWN_ID, accountIds: [world(state).account.id], summary: 'x' }),
    fails: 'not-found',
  },
])

export const queueItemChangeCases = cases(socialQueueItemChange, [
  {
    name: 'changes the text of an item',
    given: [queued],
    input: (state) => ({ ...item(state), summary: 'Said better' }),
    expect: { summary: 'Said better' },
  },
  {
    name: 'moves an item within an edit session',
    given: edited,
    input: (state) => ({ ...item(state), ...session(state), newOrder: 99_000 }),
    expect: { order: 99_000 },
  },
  {
    name: 'does not find an item of nobody',
    given: [queued],
    input: (state) => ({ ...item(state), itemId: UNKNOWN_ID, summary: 'x' }),
    fails: 'not-found',
  },
])

export const queueItemRemoveCases = cases(socialQueueItemRemove, [
  { name: 'takes an item out', given: [queued], input: item, expect: whole(socialQueueItemRemove, ({ itemId }) => itemId !== '') },
  {
    name: 'sees by itself that an item is gone when the answer was lost',
    given: [queued, { ...lostAnswer, method: 'DELETE', path: '/social-media-posting/category/queues' }],
    input: item,
    expect: { changedSlots: [] },
  },
  { name: 'is asked to slow down', given: [queued, { ...slowDown, path: '/social-media-posting' }], input: item, fails: 'throttled' },
])

export const queueItemResetCases = cases(socialQueueItemReset, [
  { name: 'puts an item back to its post', given: [queued], input: item, expect: { isRemoved: false } },
  {
    name: 'does not find an item of nobody',
    given: [queued],
    input: (state) => ({ ...item(state), itemId: UNKNOWN_ID }),
    fails: 'not-found',
  },
])

export const queueItemCopyCases = cases(socialQueueItemCopy, [
  {
    name: 'copies an item within an edit session',
    given: edited,
    input: (state) => ({ ...item(state), ...session(state), order: 1_500 }),
    expect: { order: 1_500 },
  },
  {
    name: 'does not find an edit session nobody began',
    given: [queued],
    input: (state) => ({ ...item(state), ...NO_SESSION, order: 1 }),
    fails: 'not-found',
  },
])

export const queueEditBeginCases = cases(socialQueueEditBegin, [
  {
    name: 'begins an edit session',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'] }),
    expect: whole(socialQueueEditBegin, ({ sessionId, itemCount = 0 }) => sessionId !== '' && itemCount > 0),
  },
  { name: 'does not find a queue of nobody', input: { queueId: UNKNOWN_ID }, fails: 'not-found' },
])

export const queueEditSaveCases = cases(socialQueueEditSave, [
  {
    name: 'lets the edits count',
    given: edited,
    input: session,
    expect: whole(socialQueueEditSave, ({ changedSlots, changedPosts }) => changedSlots.length > 0 && changedPosts === 0),
  },
  {
    name: 'does not find an edit session nobody began',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'], ...NO_SESSION }),
    fails: 'not-found',
  },
])

export const queueEditDiscardCases = cases(socialQueueEditDiscard, [
  { name: 'drops the edits', given: edited, input: session, expect: whole(socialQueueEditDiscard, ({ sessionId }) => sessionId !== '') },
  {
    name: 'does not find an edit session nobody began',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'], ...NO_SESSION }),
    fails: 'not-found',
  },
])

export const queueEditCalendarCases = cases(socialQueueEditCalendar, [
  {
    name: 'shows what would be published',
    given: edited,
    input: (state) => ({ ...session(state), ...soon() }),
    expect: whole(socialQueueEditCalendar, ({ posts }) => posts.length > 0 && posts.every(({ itemId }) => itemId !== undefined)),
  },
  {
    name: 'does not find an edit session nobody began',
    given: [queued],
    input: (state) => ({ queueId: world(state).queue()['_id'], ...NO_SESSION, ...soon() }),
    fails: 'not-found',
  },
])
