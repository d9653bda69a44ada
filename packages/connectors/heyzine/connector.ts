import { defineConnector } from '@couplet/connector-sdk'
import { z } from 'zod'
import { testConnection } from './connection-test.ts'
import { readFault } from './fault.ts'
import { leadsWebhook } from './webhooks.ts'

const CLIENT_ID = /^[0-9a-f]{16}$/i
const API_KEY = /^[0-9a-f]{40}\.[0-9a-f]{16}$/i

const PLANS = ['unknown', 'free', 'standard', 'professional', 'premium'] as const

/** Formats that belong together: the API key ends in the client id (CONFIRMED), so a pair from two accounts is seen offline. */
function checkEntered({
  facts,
  secrets,
}: {
  facts: { clientId: string }
  secrets: { apiKey: string }
}): Record<string, string> | undefined {
  if (API_KEY.test(facts.clientId)) return { clientId: 'This is the API key. The client id is the shorter of the two, 16 characters.' }
  if (!CLIENT_ID.test(facts.clientId)) return { clientId: 'A client id has 16 characters: digits and the letters a to f.' }
  if (!API_KEY.test(secrets.apiKey)) return { apiKey: 'An API key has 40 characters, a dot, and the client id again.' }
  if (!secrets.apiKey.toLowerCase().endsWith(`.${facts.clientId.toLowerCase()}`))
    return { apiKey: 'This API key belongs to another client id: the part after the dot must be the client id.' }
  return undefined
}

export const heyzine = defineConnector({
  id: 'heyzine',
  title: 'Heyzine',
  summary: 'Turns a PDF behind a public address into an online flipbook, and keeps its text, tags and shelf current.',
  origin: 'https://heyzine.com/api1',
  hosts: ['heyzine.com'],
  connection: z.object({
    clientId: z
      .string()
      .trim()
      .min(1)
      .meta({
        title: 'Client id',
        description: 'Shown beside the API key on heyzine.com/developers. Not a secret.',
        placeholder: '16 characters',
        examples: ['1a2b3c4d5e6f7a8b'],
      }),
    plan: z
      .enum(PLANS)
      .default('unknown')
      .meta({ title: 'Plan of the account', description: 'Heyzine does not tell. Couplet uses it for warnings only.' }),
  }),
  secrets: z.object({
    apiKey: z.string().trim().min(1).meta({
      title: 'API key',
      description: 'One key per account; resetting it at Heyzine disconnects every app that uses it.',
      placeholder: '40 characters, a dot, the client id',
    }),
  }),
  credentials: { kind: 'bearer', secret: 'apiKey' },
  checkEntered,
  test: ({ http, connection }) => testConnection(http, connection.plan),
  scopes: {},
  limits: {
    courtesy: {
      max: 120,
      per: '1 m',
      by: 'connection',
      facts: [
        {
          mark: 'ASSUMED',
          text: 'Heyzine publishes no rate limit ("fair use") and sends no rate headers; this is a limit Couplet sets itself.',
        },
      ],
    },
  },
  fault: readFault,
  webhooks: leadsWebhook,
})
