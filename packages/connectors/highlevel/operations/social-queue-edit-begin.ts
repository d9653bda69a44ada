import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { maybeNumber, results } from '../schemas/lenient.ts'
import { V3 } from '../version-headers.ts'

const SessionReply = results(z.looseObject({ sessionId: z.string(), itemCount: maybeNumber }))

export const socialQueueEditBegin = vendor.action({
  id: 'highlevel.social-queue-edit.begin',
  version: 1,
  title: 'Begin to edit a queue',
  summary: "Makes a copy of a queue's items to work on. Nothing of it counts before it is saved.",
  phrase: 'begin to edit a queue in {connection}',
  group: 'Social Planner: queues',
  scopes: ['socialplanner/category.write'],
  input: z.object({ queueId: pick('queues').meta({ title: 'Queue' }) }),
  output: z.object({
    sessionId: z.string().meta({ title: 'Edit session' }),
    itemCount: z.number().optional().meta({ title: 'Number of items' }),
  }),
  samples: [{ sessionId: '66f3aa11bb22cc33dd44ee50', itemCount: 12 }],
  rejects: [{ input: {}, because: 'no queue is named' }],
  effect: { kind: 'write', resend: 'harmless', because: 'A session that was begun and is not used further changes nothing in the queue.' },
  async run({ input, connection, http }) {
    const { sessionId, itemCount } = await http({
      method: 'POST',
      path: path`/social-media-posting/category/queues/${input.queueId}/edit/start`,
      headers: V3,
      body: { locationId: connection.locationId },
      reply: SessionReply,
    })
    return { sessionId, itemCount }
  },
})
