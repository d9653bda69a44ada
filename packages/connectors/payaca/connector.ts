import { defineConnector } from '@couplet/connector-sdk'
import { z } from 'zod'
import { testConnection } from './connection-test.ts'
import { readFault } from './fault.ts'
import { PATH_OVERRIDE, PATHS } from './paths.ts'
import { webhooks } from './webhooks.ts'

export const payaca = defineConnector({
  id: 'payaca',
  title: 'Payaca',
  summary: 'Quoting and field service. Couplet reads and writes customers, their tags and custom fields, and projects.',
  origin: 'https://api.payaca.com',
  hosts: ['payaca.com'],
  connection: z.object({
    clientId: z
      .string()
      .trim()
      .min(1)
      .meta({ title: 'Client id', description: 'In Payaca: My Company, Integrations, Create API key. Not a secret by itself.' }),
    pathOverrides: z
      .record(z.string(), z.string().regex(PATH_OVERRIDE, 'Write a verb and a path: PUT /v1/customers/{id}'))
      .optional()
      .meta({
        title: 'Corrected paths',
        description: "From Payaca's OpenAPI file: operation to verb and path. Most paths of Payaca are guesses until then.",
        advanced: true,
        examples: [{ 'customer.update': 'PUT /v1/customers/{id}' }],
      }),
  }),
  secrets: z.object({
    clientSecret: z.string().trim().min(1).meta({ title: 'Client secret', description: 'Shown once by Payaca.' }),
    webhookSecret: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Webhook secret', description: 'The secret you chose for the webhook in Payaca. Needed only for webhooks.' }),
  }),
  credentials: { kind: 'basic', user: 'clientId', password: 'clientSecret' },
  checkEntered({ facts, secrets }) {
    if (facts.clientId === secrets.clientSecret) return { clientSecret: 'Client id and client secret are two different values.' }
    if (facts.clientId.includes(':')) return { clientId: 'A client id has no colon. Was id and secret pasted together?' }
    const unknown = Object.keys(facts.pathOverrides ?? {}).find((name) => !(name in PATHS))
    return unknown === undefined
      ? undefined
      : { pathOverrides: `There is no operation "${unknown}". There are: ${Object.keys(PATHS).join(', ')}.` }
  },
  test: ({ http, connection }) => testConnection(http, connection),
  scopes: {},
  limits: {
    courtesy: {
      max: 60,
      per: '1 m',
      by: 'connection',
      facts: [{ mark: 'ASSUMED', text: 'Payaca documents no rate limit; this is a limit Couplet sets itself.' }],
    },
  },
  fault: readFault,
  webhooks,
})
