import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { PlannedSlot, SlotsReply, slotSample } from '../schemas/queue-slots.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueSlots = vendor.action({
  id: 'highlevel.social-queue.slots',
  version: 1,
  title: 'List the coming times of a queue',
  summary: 'Reads which item of a queue goes out when.',
  phrase: 'list the coming times of a queue of {connection}',
  group: 'Social Planner: queues',
  facts: [{ mark: 'CONFIRMED', text: 'With an edit session it shows the times as they would be after saving.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    sessionId: z.string().min(1).optional().meta({ title: 'Edit session', description: 'From "Begin to edit a queue".', advanced: true }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(20).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({
    slots: z.array(PlannedSlot).meta({ title: 'Times' }),
    total: z.number().meta({ title: 'Number in all' }),
    timeZone: z.string().optional().meta({ title: 'Time zone of the sub-account' }),
  }),
  samples: [{ slots: [slotSample], total: 1, timeZone: 'Europe/London' }],
  rejects: [{ input: {}, because: 'no queue is named' }],
  effect: { kind: 'read' },
  async run({ input, connection, http }) {
    const { queueId, ...rest } = input
    const { slots, total, timezone } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${queueId}/slots`,
      headers: V3,
      body: { ...rest, locationId: connection.locationId },
      reply: SlotsReply,
    })
    return { slots, total: total ?? slots.length, timeZone: timezone }
  },
})
