import { Hono } from 'hono'
import { minuteLimit } from '../frame/rate-limit.ts'
import type { VendorSimulator } from '../frame/simulator.ts'
import { heyzineActions } from './actions.ts'
import { notFoundPage } from './answers.ts'
import { sendDueLeads } from './leads.ts'
import { accessRoutes } from './routes-access.ts'
import { bookshelfRoutes } from './routes-bookshelves.ts'
import { conversionRoutes } from './routes-conversion.ts'
import { flipbookRoutes } from './routes-flipbooks.ts'
import { publicRoutes } from './routes-public.ts'
import { heyzineSeed } from './seed.ts'
import { heyzineSettings, type HeyzineSettings } from './settings.ts'
import type { HeyzineContext, HeyzineState } from './state.ts'

const REST_BASE = '/api1'

function heyzineRoutes(context: HeyzineContext): Hono {
  const app = new Hono()
  const limit = minuteLimit(context.clock)
  // No rate limit is published; this one is ASSUMED in every detail and off by default.
  app.use(`${REST_BASE}/*`, async (c, next) => {
    const waitSeconds = context.isStrict() ? 0 : limit.take(context.setting('rateLimitPerMinute'))
    if (waitSeconds === 0) return next()
    return c.json({ success: false, code: 429, msg: 'Too many requests' }, 429, { 'retry-after': String(waitSeconds) })
  })
  for (const routes of [conversionRoutes, flipbookRoutes, bookshelfRoutes, accessRoutes]) app.route(REST_BASE, routes(context))
  app.route('/', publicRoutes(context))
  app.all('*', notFoundPage)
  return app
}

/**
 * Heyzine with accounts, flipbooks, bookshelves and leads. REST base is `{url}/api1`. Sources are really fetched over HTTP.
 * The MCP server is not simulated: it offers nothing a connector needs beyond REST.
 */
export const heyzineSimulator: VendorSimulator<HeyzineState, HeyzineSettings> = {
  vendor: 'heyzine',
  seed: heyzineSeed,
  settings: heyzineSettings,
  routes: heyzineRoutes,
  actions: heyzineActions,
  tick: (context) => void sendDueLeads(context),
}
