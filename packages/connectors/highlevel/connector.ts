import { defineConnector } from '@couplet/connector-sdk'
import { ConnectionFacts, ConnectionSecrets } from './connection.ts'
import { testConnection } from './connection-test.ts'
import { checkLocationId, checkToken } from './entered.ts'
import { sortFault } from './fault.ts'
import { oauth } from './oauth.ts'
import { SCOPES } from './scopes.ts'
import { webhooks } from './webhooks.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const LIMIT_FACT = {
  mark: 'CONFIRMED',
  text: 'HighLevel allows 100 calls in 10 seconds and 200,000 a day, for each app and sub-account.',
} as const

/** HighLevel, sub-account level, by Private Integration Token or OAuth. Every operation names its API version itself. */
export const vendor = defineConnector({
  id: 'highlevel',
  title: 'HighLevel',
  summary: 'Social Planner, tags, contacts, media and statistics of a HighLevel sub-account.',
  origin: 'https://services.leadconnectorhq.com',
  headers: { Accept: 'application/json' },
  connection: ConnectionFacts,
  secrets: ConnectionSecrets,
  credentials: { kind: 'bearer', secret: 'token' },
  checkEntered({ facts, secrets }) {
    const token = checkToken(secrets.token)
    const locationId = checkLocationId(facts.locationId)
    if (token === undefined && locationId === undefined) return undefined
    return { ...(token === undefined ? {} : { token }), ...(locationId === undefined ? {} : { locationId }) }
  },
  test: testConnection,
  oauth,
  // The API has one address for all, white label or not; only the consent page moves (CONFIRMED).
  hosts: ['leadconnectorhq.com', 'gohighlevel.com'],
  scopes: SCOPES,
  scopesGrantedAt: 'In the sub-account: Settings, Private Integrations, the integration, Edit, Scopes. The token stays the same.',
  limits: {
    burst: {
      max: 80,
      per: '10 s',
      by: 'connection',
      headers: { max: 'x-ratelimit-max', remaining: 'x-ratelimit-remaining', intervalMs: 'x-ratelimit-interval-milliseconds' },
      facts: [
        LIMIT_FACT,
        { mark: 'REPORTED', text: 'Private Integration Tokens are told to slow down before that, so Couplet stays at 80.' },
      ],
    },
    daily: {
      max: 200_000,
      per: '1 d',
      by: 'connection',
      headers: { max: 'x-ratelimit-limit-daily', remaining: 'x-ratelimit-daily-remaining', resetMs: 'x-ratelimit-daily-reset' },
      facts: [LIMIT_FACT],
    },
  },
  fault: sortFault,
  traceId({ headers, body }) {
    const said = isObject(body) ? body['traceId'] : undefined
    return typeof said === 'string' && said !== '' ? said : (headers['traceid'] ?? headers['x-trace-id'] ?? headers['trace-id'])
  },
  webhooks,
})
