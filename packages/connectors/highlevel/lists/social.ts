import { vendor } from '../connector.ts'
import { readAccounts } from '../reads/accounts.ts'
import { readCategories } from '../reads/categories.ts'
import { readComments } from '../reads/comments.ts'
import { readImports } from '../reads/csv-imports.ts'
import { postPage } from '../reads/posts.ts'
import { allQueueItems, allQueues } from '../reads/queues.ts'
import { allTags } from '../reads/tags.ts'
import { STATISTICS_PLATFORMS } from '../schemas/statistics.ts'

const DAY_MS = 86_400_000
const LABEL_CHARS_MAX = 70

export const accounts = vendor.list({
  scopes: ['socialplanner/account.readonly'],
  async rows(call) {
    const { accounts } = await readAccounts(call)
    return accounts.map((account) => ({
      value: account.id,
      label: `${account.name} (${account.platform})`,
      ...(account.isExpired ? { hint: 'Needs reconnecting in HighLevel' } : {}),
    }))
  },
})

export const profiles = vendor.list({
  scopes: ['socialplanner/account.readonly'],
  async rows(call) {
    const { accounts } = await readAccounts(call)
    return accounts
      .filter((account) => STATISTICS_PLATFORMS.some((platform) => platform === account.platform))
      .flatMap((account) =>
        account.profileId === undefined ? [] : [{ value: account.profileId, label: `${account.name} (${account.platform})` }],
      )
  },
})

export const tags = vendor.list({
  scopes: ['socialplanner/tag.readonly'],
  rows: async (call) => (await allTags(call)).filter((tag) => !tag.isDeleted).map((tag) => ({ value: tag.id, label: tag.name })),
})

export const categories = vendor.list({
  scopes: ['socialplanner/category.readonly'],
  rows: async (call) =>
    (await readCategories(call, {})).categories
      .filter((category) => !category.isDeleted)
      .map((category) => ({ value: category.id, label: category.name })),
})

/** The posts around today; the list filters on the planned date (ASSUMED), so it reaches into the future. */
export const posts = vendor.list({
  scopes: ['socialplanner/post.readonly'],
  async rows(call) {
    const now = call.clock.now()
    const { posts } = await postPage(call, {
      type: 'all',
      from: new Date(now - 60 * DAY_MS).toISOString(),
      to: new Date(now + 90 * DAY_MS).toISOString(),
      skip: 0,
      limit: 100,
    })
    return posts.map((post) => ({
      value: post.id,
      label: (post.summary ?? '').slice(0, LABEL_CHARS_MAX) || '(no text)',
      hint: [post.status, post.displayDate?.slice(0, 10)].filter(Boolean).join(', '),
    }))
  },
})

export const csvImports = vendor.list({
  scopes: ['socialplanner/csv.readonly'],
  rows: async (call) =>
    (await readImports(call, {})).imports.map((item) => ({ value: item.id, label: item.fileName ?? item.id, hint: item.status })),
})

export const queues = vendor.list({
  scopes: ['socialplanner/category.readonly'],
  rows: async (call) =>
    (await allQueues(call)).map((queue) => ({ value: queue.id, label: queue.categoryName ?? queue.id, hint: queue.status })),
})

/** The items of the queue chosen in the same form. */
export const queueItems = vendor.list({
  scopes: ['socialplanner/category.readonly'],
  async rows(call) {
    const { queueId } = call.input
    if (typeof queueId !== 'string' || queueId === '') return []
    return (await allQueueItems(call, { queueId })).map((item) => ({
      value: item.id,
      label: item.summary.slice(0, LABEL_CHARS_MAX) || '(no text)',
      ...(item.plannedFor === undefined ? {} : { hint: item.plannedFor.slice(0, 10) }),
    }))
  },
})

/** Accounts by their id on the network, those of the platform chosen in the same form. */
export const origins = vendor.list({
  scopes: ['socialplanner/account.readonly'],
  async rows(call) {
    const { platform } = call.input
    const { accounts } = await readAccounts(call)
    return accounts
      .filter((account) => typeof platform !== 'string' || platform === '' || account.platform === platform)
      .flatMap(({ originId, name, platform: network }) =>
        originId === undefined ? [] : [{ value: originId, label: `${name} (${network})` }],
      )
  },
})

/** The latest comments of the platform chosen in the same form. */
export const comments = vendor.list({
  scopes: ['socialplanner/account.readonly'],
  async rows(call) {
    const { platform } = call.input
    if (typeof platform !== 'string' || platform === '') return []
    return (await readComments(call, { platform, limit: 100 })).comments.map((comment) => ({
      value: comment.id,
      label: comment.content.slice(0, LABEL_CHARS_MAX) || '(no text)',
      ...(comment.authorName === undefined ? {} : { hint: comment.authorName }),
    }))
  },
})
