import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { action } from './action.ts'
import { type Highlevel, isOn, nowIso } from './context.ts'
import { objectId } from './ids.ts'
import { rowBy } from './lookup.ts'
import { publish } from './post-life.ts'
import { addBulk } from './seed/bulk.ts'
import { METRICS } from './statistics/numbers.ts'

const BULK_LOCATIONS_MAX = 1_000
const BULK_TAGS_MAX = 2_000
const id = z.string().min(1)

const found = <Row>(row: Row | undefined, what: string): Row => {
  if (row === undefined) throw new Error(`There is no such ${what}.`)
  return row
}

/** Changes to planner tags, categories, posts, accounts and numbers: the API cannot make them, a person in the web app can. */
export function plannerActions(context: Highlevel): Record<string, ControlAction> {
  const { state } = context
  const location = (locationId: string) => found(rowBy(state.locations, 'id', locationId), 'location')
  const tagAt = (tagId: string) => found(rowBy(state.plannerTags, '_id', tagId), 'planner tag')
  const postAt = (postId: string) => found(rowBy(state.posts, '_id', postId), 'post')
  const stamp = () => (isOn(context, 'renameMovesUpdatedAt') ? { updatedAt: nowIso(context) } : {})
  const author = () => state.users[0]?.id ?? ''
  return {
    'create-tag': action('Create a planner tag', z.strictObject({ locationId: id, tag: id }), ({ locationId, tag }) => {
      const now = nowIso(context)
      const row = {
        _id: objectId(),
        tag,
        locationId: location(locationId).id,
        createdBy: author(),
        deleted: false,
        createdAt: now,
        updatedAt: now,
      }
      state.plannerTags.push(row)
      return row
    }),
    'rename-tag': action('Rename a planner tag', z.strictObject({ tagId: id, tag: id }), ({ tagId, tag }) =>
      Object.assign(tagAt(tagId), { tag, ...stamp() }),
    ),
    'delete-tag': action('Delete a planner tag', z.strictObject({ tagId: id }), ({ tagId }) => {
      const row = Object.assign(tagAt(tagId), { deleted: true, updatedAt: nowIso(context) })
      if (!isOn(context, 'deletedTagsStayListed')) state.plannerTags = state.plannerTags.filter((other) => other !== row)
      return row
    }),
    'create-category': action('Create a category', z.strictObject({ locationId: id, name: id }), ({ locationId, name }) => {
      const now = nowIso(context)
      const row = {
        _id: objectId(),
        name,
        primaryColor: '#2563EB',
        secondaryColor: '#DBEAFE',
        locationId: location(locationId).id,
        createdBy: author(),
        deleted: false,
        createdAt: now,
        updatedAt: now,
      }
      state.categories.push(row)
      return row
    }),
    'rename-category': action('Rename a category', z.strictObject({ categoryId: id, name: id }), ({ categoryId, name }) =>
      Object.assign(found(rowBy(state.categories, '_id', categoryId), 'category'), { name, ...stamp() }),
    ),
    'publish-post': action('Publish a post now', z.strictObject({ postId: id }), ({ postId }) => {
      const post = postAt(postId)
      publish(context, post)
      return post
    }),
    'fail-post': action(
      'Let a post fail',
      z.strictObject({ postId: id, error: z.string().default('Failed due to auth token') }),
      ({ postId, error }) => Object.assign(postAt(postId), { status: 'failed', error, updatedAt: nowIso(context) }),
    ),
    'expire-account': action('Let the login of a social account expire', z.strictObject({ accountId: id }), ({ accountId }) =>
      Object.assign(found(rowBy(state.accounts, 'id', accountId), 'account'), { isExpired: true, expire: nowIso(context) }),
    ),
    'set-statistics-day': action(
      "Correct a profile's numbers of one day",
      z.strictObject({ profileId: id, day: z.iso.date(), numbers: z.partialRecord(z.enum([...METRICS, 'posts']), z.int().nonnegative()) }),
      ({ profileId, day, numbers }) => {
        found(
          state.accounts.find((row) => row.profileId === profileId),
          'profile',
        )
        const before = state.statisticsOverrides.find((row) => row.profileId === profileId && row.day === day)
        const row = { profileId, day, numbers: { ...before?.numbers, ...numbers } }
        state.statisticsOverrides = [...state.statisticsOverrides.filter((other) => other !== before), row]
        return row
      },
    ),
    'lose-statistics-day': action(
      'Lose the numbers of a profile for one day, as if the network never gave them',
      z.strictObject({ profileId: id, day: z.iso.date() }),
      ({ profileId, day }) => {
        found(
          state.accounts.find((row) => row.profileId === profileId),
          'profile',
        )
        const row = { profileId, day, numbers: {}, isLost: true }
        state.statisticsOverrides = [
          ...state.statisticsOverrides.filter((other) => other.profileId !== profileId || other.day !== day),
          row,
        ]
        return row
      },
    ),
    'seed-bulk': action(
      'Add many locations with tokens and tags, for load tests',
      z.strictObject({
        locations: z.int().positive().max(BULK_LOCATIONS_MAX).default(200),
        tagsPerLocation: z.int().nonnegative().max(BULK_TAGS_MAX).default(500),
      }),
      (size) => addBulk(state, size, context.clock.now()),
    ),
  }
}
