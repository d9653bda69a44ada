import type { HttpReply } from '@couplet/connector-sdk'
import { z } from 'zod'

const CARRY_SECRETS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key']

export const httpTarget = {
  url: z.url({ protocol: /^https?$/ }).meta({ title: 'Address', placeholder: 'https://api.example.com/items' }),
  query: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ title: 'Query', description: 'Added to the address.' }),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/, 'Letters, digits and hyphens'), z.string())
    .refine(
      (headers) => !Object.keys(headers).some((name) => CARRY_SECRETS.includes(name.toLowerCase())),
      'Secrets do not belong in a flow: they would show in it, in its runs and in its file',
    )
    .optional()
    .meta({ title: 'Headers', description: 'Never for secrets.', advanced: true }),
}

/** Optional in every call to an address: the host's own limit, which nobody else tells Couplet. */
export const httpPace = {
  limit: z
    .object({
      calls: z
        .int()
        .min(1)
        .max(1_000)
        .meta({ title: 'Calls', examples: [100] }),
      perSeconds: z
        .int()
        .min(1)
        .max(3_600)
        .meta({ title: 'In how many seconds', examples: [10] }),
    })
    .optional()
    .meta({
      title: 'Limit of the host',
      description: 'Couplet makes at most so many calls to this host, counted over all flows that say so; runs wait for their turn.',
      advanced: true,
    }),
}

export const HttpAnswer = z.object({
  status: z.int().meta({ title: 'Status', examples: [200] }),
  headers: z.record(z.string(), z.string()).meta({ title: 'Headers' }),
  body: z.unknown().meta({ title: 'Content' }),
})

export const toHttpAnswer = ({ status, headers, body }: HttpReply): z.output<typeof HttpAnswer> => ({
  status,
  headers: { ...headers },
  body,
})

export const sendFields = {
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST').meta({ title: 'Verb' }),
  ...httpTarget,
  ...httpPace,
  body: z.unknown().optional().meta({ title: 'Content', description: 'Sent as JSON.' }),
}

export const sampleAnswer = { status: 200, headers: { 'content-type': 'application/json' }, body: { id: 'item-1' } } satisfies z.input<
  typeof HttpAnswer
>
