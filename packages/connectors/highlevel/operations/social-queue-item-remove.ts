import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { allQueueItems } from '../reads/queues.ts'
import { sessionField } from '../schemas/queue-item-input.ts'
import { ChangedSlotsReply, PlannedSlot, slotSample } from '../schemas/queue-slots.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueItemRemove = vendor.action({
  id: 'highlevel.social-queue-item.remove',
  version: 1,
  title: 'Remove an item from a queue',
  summary: 'Takes an item out of a category queue. The post it was made from stays.',
  phrase: 'remove an item from a queue in {connection}',
  group: 'Social Planner: queues',
  scopes: ['socialplanner/category.write', 'socialplanner/category.readonly'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    itemId: pick('queue-items', ['queueId']).meta({ title: 'Item' }),
    sessionId: sessionField,
  }),
  output: z.object({
    itemId: z.string().meta({ title: 'Item id' }),
    changedSlots: z.array(PlannedSlot).meta({ title: 'Times that are others now' }),
  }),
  samples: [{ itemId: '66f3aa11bb22cc33dd44ee41', changedSlots: [slotSample] }],
  rejects: [{ input: { queueId: 'q' }, because: 'no item is named' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'An item the queue no longer lists has been removed.',
    async lookup(call) {
      const { queueId, itemId, sessionId } = call.input
      const items = await allQueueItems(call, { queueId, sessionId })
      return items.some(({ id }) => id === itemId) ? undefined : { itemId, changedSlots: [] }
    },
  },
  async run({ input, connection, http }) {
    const { updatedSlots } = await http({
      method: 'DELETE',
      path: path`/social-media-posting/category/queues/${input.queueId}/items/${input.itemId}`,
      query: { locationId: connection.locationId, sessionId: input.sessionId },
      headers: V3,
      reply: ChangedSlotsReply,
    })
    return { itemId: input.itemId, changedSlots: updatedSlots }
  },
})
