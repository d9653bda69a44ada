import { isJsonObject, parseJson } from '@couplet/core'
import { type Context, Hono } from 'hono'
import { conversionBody, flipbookLinks, refused, wrongKey } from './answers.ts'
import { createFlipbook, fetchWithFaults, findBySource, runConversion, storeDocument, whyUnusable } from './conversion.ts'
import { applyFields, fieldsRefusal, PRIVATE_NOTE_CHARS_MAX, QUERY_NAMES, readFields } from './fields.ts'
import { type Account, assumes, type Flipbook, type HeyzineContext, removeFlipbook } from './state.ts'

/** The members of a JSON body; anything else counts as empty. */
export async function readBody(c: Context): Promise<Record<string, unknown>> {
  const body = parseJson(await c.req.text())
  return isJsonObject(body) ? body : {}
}

const readQuery = (c: Context): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(c.req.query()).flatMap(([short, value]) => {
      const name = QUERY_NAMES[short]
      return name === undefined ? [] : [[name, value]]
    }),
  )

/** What a conversion that cannot be done answers when it blocks. Code 422 ASSUMED; without that assumption, HTTP 500. */
function failure(c: Context, context: HeyzineContext, why: string | null): Response {
  if (!assumes(context, 'convertFailureBody')) return c.text('Internal Server Error', 500)
  return refused(c, 422, `The document could not be converted: ${why ?? 'unknown reason'}`)
}

/** The flipbook of a source address, made when there is none. The note's cap drops title, tags, note and template in silence (CONFIRMED). */
function beginConversion(
  context: HeyzineContext,
  account: Account,
  call: { sourceUrl: string; body: Record<string, unknown>; isAsync: boolean },
): Flipbook {
  const fields = readFields(context, call.body)
  const flipbook = createFlipbook(context, account.clientId, call.sourceUrl, call.isAsync)
  if ((fields.texts.private_note ?? '').length > PRIVATE_NOTE_CHARS_MAX) {
    for (const name of ['title', 'tags', 'private_note'] as const) delete fields.texts[name]
    delete fields.design['template']
  }
  applyFields(context, flipbook, fields)
  return flipbook
}

/** `replace: true` on the blocking endpoint: the same address is read again, everything else stays (CONFIRMED). */
async function replaceDocument(context: HeyzineContext, flipbook: Flipbook, path: string): Promise<string | undefined> {
  const source = await fetchWithFaults(context, path, flipbook.sourceUrl, 'Mozilla/5.0 (compatible; flipbook converter)')
  const why = whyUnusable(source)
  if (why !== undefined) return why
  if (source.ok) storeDocument(context, flipbook, source.bytes, flipbook.document?.suffix ?? 0)
  return undefined
}

/**
 * Conversion (contract 4.1). Needs `client_id`; the Bearer key is not looked at. The same address gives the same flipbook.
 * A failed one is told once and then forgotten, so that a later call starts anew (ASSUMED).
 */
export function conversionRoutes(context: HeyzineContext): Hono {
  const app = new Hono()

  async function prepare(c: Context, body: Record<string, unknown>, isAsync: boolean) {
    const account = context.state.accounts.find((account) => account.clientId === body['client_id'])
    if (!account) return wrongKey(c)
    const sourceUrl = body['pdf']
    if (typeof sourceUrl !== 'string' || sourceUrl === '') return refused(c, 422, 'The pdf address is missing')
    const existing = findBySource(context, account.clientId, sourceUrl)
    if (existing) return { account, flipbook: existing, isNew: false }
    const refusal = fieldsRefusal(c, context, account, readFields(context, body))
    return refusal ?? { account, flipbook: beginConversion(context, account, { sourceUrl, body, isAsync }), isNew: true }
  }

  async function blocking(c: Context, body: Record<string, unknown>): Promise<Response | { account: Account; flipbook: Flipbook }> {
    const prepared = await prepare(c, body, false)
    if (prepared instanceof Response) return prepared
    const { flipbook } = prepared
    if (flipbook.conversion.state === 'started') await runConversion(context, flipbook, c.req.path)
    else if (flipbook.conversion.state === 'processed' && ['true', '1'].includes(String(body['replace']))) {
      const why = await replaceDocument(context, flipbook, c.req.path)
      if (why !== undefined) return failure(c, context, why)
    }
    if (flipbook.conversion.state === 'failed') {
      removeFlipbook(context.state, flipbook.id)
      context.touch()
      return failure(c, context, flipbook.conversion.why)
    }
    return prepared
  }

  const rest = async (c: Context, body: Record<string, unknown>): Promise<Response> => {
    const result = await blocking(c, body)
    return result instanceof Response ? result : c.json(conversionBody(c, result.flipbook, result.account))
  }

  const async = async (c: Context, body: Record<string, unknown>): Promise<Response> => {
    const prepared = await prepare(c, body, true)
    if (prepared instanceof Response) return prepared
    const { account, flipbook, isNew } = prepared
    if (flipbook.conversion.state === 'started') void runConversion(context, flipbook, c.req.path)
    const state = isNew ? 'started' : flipbook.conversion.state
    if (state === 'failed') removeFlipbook(context.state, flipbook.id)
    context.touch()
    return c.json({ ...conversionBody(c, flipbook, account), state })
  }

  app.post('/rest', async (c) => rest(c, await readBody(c)))
  app.get('/rest', async (c) => rest(c, readQuery(c)))
  app.post('/async', async (c) => async(c, await readBody(c)))
  app.get('/async', async (c) => async(c, readQuery(c)))
  app.get('/', async (c) => {
    const result = await blocking(c, readQuery(c))
    return result instanceof Response ? result : c.redirect(flipbookLinks(c, result.flipbook).custom)
  })
  return app
}
