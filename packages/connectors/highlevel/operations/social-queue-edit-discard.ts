import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { V3 } from '../version-headers.ts'

export const socialQueueEditDiscard = vendor.action({
  id: 'highlevel.social-queue-edit.discard',
  version: 1,
  title: 'Discard the edits of a queue',
  summary: 'Ends an edit session and drops its changes; the queue stays as it was.',
  phrase: 'discard the edits of a queue in {connection}',
  group: 'Social Planner: queues',
  scopes: ['socialplanner/category.write'],
  input: z.object({
    queueId: pick('queues').meta({ title: 'Queue' }),
    sessionId: z.string().min(1).meta({ title: 'Edit session', description: 'From "Begin to edit a queue".' }),
  }),
  output: z.object({ sessionId: z.string().meta({ title: 'Edit session' }) }),
  samples: [{ sessionId: '66f3aa11bb22cc33dd44ee50' }],
  rejects: [{ input: { queueId: 'q' }, because: 'no edit session is named' }],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'A session that is gone is refused: nobody can tell that from one that was saved meanwhile.',
  },
  async run({ input, connection, http }) {
    await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${input.queueId}/edit/discard`,
      headers: V3,
      body: { locationId: connection.locationId, sessionId: input.sessionId },
      reply: Anything,
    })
    return { sessionId: input.sessionId }
  },
})
