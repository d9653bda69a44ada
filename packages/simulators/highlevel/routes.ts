import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { matchServed } from './catalogue/match.ts'
import { servedOperation } from './catalogue/serve.ts'
import { isOn, type Highlevel } from './context.ts'
import { noSuchRoute } from './errors.ts'
import { rowBy } from './lookup.ts'
import { operations } from './operations.ts'
import { perform, refusalOf, requireUserAgent } from './pipeline.ts'
import { rateHeaders } from './rate-limit.ts'
import { openOauthRoutes } from './routes/oauth.ts'

/** The vendor's API as one application: OAuth, stored files, the operations written out here, all others it publishes, and 404 for the rest. */
export function highlevelRoutes(context: Highlevel): Hono {
  const app = new Hono()
  app.route('/', openOauthRoutes(context))
  app.get('/media-storage/:locationId/:file', (c) => {
    const id = c.req.param('file').split('.')[0] ?? ''
    const file = rowBy(context.state.mediaFiles, 'id', id)
    const content = rowBy(context.state.mediaContents, 'id', id)
    if (!file || !content) return c.text('Not found', 404)
    // Uploads are served from the simulator's own origin, so they must not run scripts there.
    const headers = { 'content-type': file.contentType, 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' }
    return new Response(Buffer.from(content.base64, 'base64'), { headers })
  })
  for (const operation of operations) {
    const isPhantom = operation.id === 'create-planner-tag'
    app.on(operation.method, operation.path, (c, next) =>
      isPhantom && !isOn(context, 'phantomTagCreate') ? next() : perform(context, operation, c),
    )
  }
  app.all('*', (c) => {
    const match = matchServed(c.req.method, c.req.path)
    if (match) return perform(context, servedOperation(match), c, match.params)
    const headers = rateHeaders(context)
    const traceId = randomUUID()
    try {
      requireUserAgent(context, c)
      throw noSuchRoute(c.req.method, c.req.path)
    } catch (error) {
      return refusalOf(headers, traceId, error)
    }
  })
  return app
}
