import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { asUtc } from '../schemas/post-input.ts'
import { slotsBody, WeeklySlot } from '../schemas/queue-slots.ts'
import { OneQueueReply, Queue, queueSample } from '../schemas/queue.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueChange = vendor.action({
  id: 'highlevel.social-queue.change',
  version: 1,
  title: 'Change a category queue',
  summary: 'Starts, pauses or deletes a category queue, sets its weekly times, or leaves one time out. What is left empty stays.',
  phrase: 'change a category queue in {connection}',
  group: 'Social Planner: queues',
  facts: [
    { mark: 'CONFIRMED', text: 'An active queue publishes: its posts go out at the weekly times without anyone looking at them again.' },
    { mark: 'CONFIRMED', text: 'Weekly times that are given replace all that were there.' },
    { mark: 'ASSUMED', text: 'Leaving out a time that is already left out changes nothing.' },
  ],
  scopes: ['socialplanner/category.write'],
  input: z
    .object({
      queueId: pick('queues').meta({ title: 'Queue' }),
      status: z
        .enum(['active', 'paused', 'deleted'])
        .optional()
        .meta({ title: 'New state', description: 'active: it publishes. deleted: it is gone; posts stay.' }),
      timeSlots: z.array(WeeklySlot).min(1).max(100).optional().meta({ title: 'Weekly times' }),
      skipDateTime: z.iso
        .datetime({ offset: true })
        .optional()
        .meta({ title: 'Leave out this time', description: 'One of the planned times.' }),
      enableFuturePosts: z.boolean().optional().meta({ title: 'Take in new posts of the category', advanced: true }),
      prioritizeNewContent: z.boolean().optional().meta({ title: 'New posts first', advanced: true }),
      skipLegacyWatermark: z.boolean().optional().meta({ title: 'Leave old watermarks', advanced: true }),
    })
    .refine(({ queueId: _queue, ...changes }) => Object.values(changes).some((value) => value !== undefined), {
      path: ['status'],
      message: 'Say what to change.',
    }),
  output: Queue,
  samples: [queueSample],
  rejects: [
    { input: { queueId: 'q' }, because: 'nothing is changed' },
    { input: { queueId: 'q', status: 'draft' }, because: 'a queue cannot be made a draft again' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'It sets whole values: the same call again leaves the same queue.' },
  async run({ input, connection, http }) {
    const { queueId, timeSlots, skipDateTime, ...rest } = input
    const { queue } = await http({
      method: 'PUT',
      path: path`/social-media-posting/category/queues/${queueId}`,
      headers: V3,
      body: {
        ...rest,
        locationId: connection.locationId,
        ...(timeSlots === undefined ? {} : { timeSlots: slotsBody(timeSlots) }),
        ...(skipDateTime === undefined ? {} : { skipDateTime: asUtc(skipDateTime) }),
      },
      reply: OneQueueReply,
    })
    if (!queue) throw notFound('HighLevel does not know this queue.')
    return queue
  },
})
