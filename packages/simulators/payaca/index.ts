import { timingSafeEqual } from 'node:crypto'
import { parseJson } from '@couplet/core'
import { type Context, Hono } from 'hono'
import { minuteLimit } from '../frame/rate-limit.ts'
import { noteInLog } from '../frame/request-log.ts'
import type { VendorSimulator } from '../frame/simulator.ts'
import { payacaActions } from './actions.ts'
import { type OperationHandler, payacaOperations } from './operations.ts'
import { PATH_TABLE, type PathEntry } from './path-table.ts'
import { Refusal, refusalAnswer } from './refusal.ts'
import { payacaSeed } from './seed.ts'
import { payacaSettings, type PayacaSettings } from './settings.ts'
import type { PayacaContext, PayacaState } from './state.ts'
import { sendDueWebhooks } from './webhooks.ts'

const isSame = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other)

function isSignedIn(context: PayacaContext, header: string | undefined): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const words = Buffer.from(given, 'base64')
  return context.state.credentials.some(({ clientId, clientSecret }) => isSame(words, Buffer.from(`${clientId}:${clientSecret}`)))
}

async function perform(c: Context, handle: OperationHandler): Promise<Response> {
  const text = await c.req.text()
  const body = text === '' ? undefined : parseJson(text)
  if (text !== '' && body === undefined) throw new Refusal(422, 'The body is not JSON')
  return c.json((await handle({ params: c.req.param() as Record<string, string>, query: c.req.query(), body })) as object)
}

function payacaRoutes(context: PayacaContext): Hono {
  const app = new Hono()
  const limit = minuteLimit(context.clock)
  const operations = payacaOperations(context)

  app.onError((error, c) => {
    if (error instanceof Refusal) return refusalAnswer(c, context, error)
    throw error
  })
  app.use('*', async (c, next) => {
    if (!isSignedIn(context, c.req.header('authorization'))) throw new Refusal(401, 'Unauthorized')
    const waitSeconds = context.isStrict() ? 0 : limit.take(context.setting('rateLimitPerMinute'))
    if (waitSeconds === 0) return next()
    return refusalAnswer(c, context, new Refusal(429, 'Too many requests'), { 'retry-after': String(waitSeconds) })
  })

  const serve = (entry: PathEntry) =>
    app.on(entry.verb, entry.path, async (c) => {
      if (context.setting('strict') === 'paths' && entry.mark !== 'CONFIRMED') throw new Refusal(404, 'Not found')
      if (entry.mark !== 'CONFIRMED') noteInLog(c, `path ${entry.mark}`)
      return await perform(c, operations[entry.operation])
    })
  for (const entry of PATH_TABLE) serve(entry)
  app.all('*', () => {
    throw new Refusal(404, 'Not found')
  })
  return app
}

/**
 * Payaca with customers, projects, custom fields and webhooks. Every verb and path comes from `path-table.ts`; pipelines,
 * users and webhook registrations are made through the control surface only, as in the web app.
 */
export const payacaSimulator: VendorSimulator<PayacaState, PayacaSettings> = {
  vendor: 'payaca',
  seed: payacaSeed,
  settings: payacaSettings,
  routes: payacaRoutes,
  actions: payacaActions,
  tick: sendDueWebhooks,
}
