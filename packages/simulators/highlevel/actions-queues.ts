// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { action } from './action.ts'
import type { Highlevel } from './context.ts'
import { inLocation } from './lookup.ts'
import { beginEdit, liveQueues, makeQueue } from './queue-life.ts'
import { beginSession } from './routes/connect.ts'

const WEEKLY = [
  { dayOfWeek: 1, time: '09:00' },
  { dayOfWeek: 4, time: '17:30' },
]

/** What a person does with queues and logins in HighLevel itself. Without a sub-account they act in that of the first token. */
export function queueActions(context: Highlevel): Record<string, ControlAction> {
  const { state } = context
  const locationId = z
    .string()
    .optional()
    .transform((named) => named ?? state.tokens[0]?.locationId ?? '')
  return {
    'create-queue': action(
      'Create a category queue and let it run',
      z.strictObject({ locationId, status: z.enum(['draft', 'active', 'paused']).default('active') }),
      (wanted) => {
        const queued = new Set(liveQueues(context, wanted.locationId).map((queue) => queue.categoryId))
        const posts = inLocation(state.posts, wanted.locationId).filter((post) => post.status === 'published')
        const category = inLocation(state.categories, wanted.locationId).find(
          (row) => !row.deleted && !queued.has(row._id) && posts.some((post) => post.categoryId === row._id),
        )
        if (!category) throw new Error('Every category with published posts has a queue.')
        const createdBy = state.users[0]?.id ?? ''
        const queue = makeQueue(context, { locationId: wanted.locationId, categoryId: category._id, createdBy, timeSlots: WEEKLY })
        return Object.assign(queue, { status: wanted.status })
      },
    ),
    'edit-queue': action('Begin to edit the first category queue', z.strictObject({ locationId }), (wanted) => {
      const [queue] = liveQueues(context, wanted.locationId)
      if (!queue) throw new Error('There is no category queue.')
      return beginEdit(queue)
    }),
    'sign-in-to-network': action(
      'Sign in to a network in the popup, to add its accounts',
      z.strictObject({ locationId, platform: z.string().min(1) }),
      (wanted) => beginSession(context, wanted.locationId, wanted.platform),
    ),
  }
}
