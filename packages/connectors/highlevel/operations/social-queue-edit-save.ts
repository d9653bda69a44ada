import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { ChangedSlotsReply, PlannedSlot, slotSample } from '../schemas/queue-slots.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueEditSave = vendor.action({
  id: 'highlevel.social-queue-edit.save',
  version: 1,
  title: 'Save the edits of a queue',
  summary: 'Lets the changes of an edit session count. A queue that is a draft stays one unless you choose otherwise.',
  phrase: 'save the edits of a queue in {connection}',
  group: 'Social Planner: queues',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'Left to itself, saving makes a draft queue active, so that it publishes. Couplet keeps it a draft unless told otherwise.',
    },
  ],
  scopes: ['socialplanner/category.write'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    sessionId: z.string().min(1).meta({ title: 'Edit session', description: 'From "Begin to edit a queue".' }),
    keepInDraft: z.boolean().default(true).meta({ title: 'Keep a draft a draft', description: 'Off: a draft queue begins to publish.' }),
  }),
  output: z.object({
    changedSlots: z.array(PlannedSlot).meta({ title: 'Times that are others now' }),
    changedPosts: z.number().meta({ title: 'Number of posts with another time' }),
  }),
  samples: [{ changedSlots: [slotSample], changedPosts: 1 }],
  rejects: [{ input: { queueId: 'q' }, because: 'no edit session is named' }],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'Saving ends the session; a second call is refused and nobody can tell whether the first one counted.',
  },
  async run({ input, connection, http }) {
    const { updatedSlots, totalPostsChanged } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${input.queueId}/edit/save`,
      headers: V3,
      body: { locationId: connection.locationId, sessionId: input.sessionId, keepInDraft: input.keepInDraft },
      reply: ChangedSlotsReply,
    })
    return { changedSlots: updatedSlots, changedPosts: totalPostsChanged ?? updatedSlots.length }
  },
})
