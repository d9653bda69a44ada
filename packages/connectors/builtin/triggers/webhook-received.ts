import { z } from 'zod'
import { builtin } from '../connector.ts'
import { JsonPath, readJsonPath } from '../json-path.ts'

export const webhookReceived = builtin.trigger({
  id: 'builtin.webhook.received',
  version: 1,
  title: 'A webhook arrives',
  summary:
    'Starts when another program posts JSON to the address of this flow. The same content, or the same id in it, starts the flow once only.',
  phrase: 'a webhook arrives',
  group: 'Start',
  scopes: [],
  input: z.object({
    idPath: JsonPath.optional().meta({
      title: 'Where the id is',
      description: 'Two deliveries with the same id are the same fact. Empty: same content, same fact.',
      placeholder: 'data.id',
    }),
  }),
  output: z.object({
    id: z.string().meta({ title: 'Id', description: 'What was found at the place of the id, else a hash of the content.' }),
    receivedAt: z.string().meta({ title: 'Received at' }),
    body: z.unknown().meta({ title: 'Content' }),
  }),
  samples: [{ id: 'order-12', receivedAt: '2026-09-15T10:00:00.000Z', body: { data: { id: 'order-12', total: 40 } } }],
  push: {
    topics: ['*'],
    facts({ input, body, bodySha256, receivedAt }) {
      const found = input.idPath === undefined ? undefined : readJsonPath(body, input.idPath)
      const hasId = (typeof found === 'string' && found !== '') || typeof found === 'number'
      // An id and a hash never share a key, so an id that looks like a hash cannot hide a delivery.
      return [
        {
          key: hasId ? `webhook.id:${String(found)}` : `webhook.sha256:${bodySha256}`,
          at: receivedAt,
          data: { id: hasId ? String(found) : bodySha256, receivedAt, body },
        },
      ]
    },
  },
})
