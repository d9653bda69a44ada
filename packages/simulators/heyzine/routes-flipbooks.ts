import { type Context, Hono } from 'hono'
import { ownFlipbook, withAccount } from './account.ts'
import { detailsBody, done, flipbookLinks, listRow, oembedBody, refused, unauthorized } from './answers.ts'
import { fetchWithFaults, storeDocument } from './conversion.ts'
import { applyFields, fieldsRefusal, PRIVATE_NOTE_CHARS_MAX, readFields } from './fields.ts'
import { findShown } from './routes-public.ts'
import { readBody } from './routes-conversion.ts'
import { type Account, assumes, type HeyzineContext, listFlipbooks, removeFlipbook, type TextField } from './state.ts'

const DOCUMENT_TYPES = [
  'application/pdf',
  'application/msword',
  'application/rtf',
  'application/vnd.ms-powerpoint',
  'application/vnd.oasis.opendocument.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
]

const wholeNumber = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise

/** The given ones of title, description and thumbnail; undefined when there is none. */
export function readSocial(body: Record<string, unknown>): Record<string, string> | undefined {
  const social: Record<string, string> = {}
  for (const name of ['title', 'description', 'thumbnail']) {
    const value = body[name]
    if (typeof value === 'string' && value !== '') social[name] = value
  }
  return Object.keys(social).length > 0 ? social : undefined
}

/** Flipbook management (contract 4.2) and public oEmbed. */
export function flipbookRoutes(context: HeyzineContext): Hono {
  const app = new Hono()

  async function design(c: Context, account: Account): Promise<Response> {
    const body = await readBody(c)
    const flipbook = ownFlipbook(c, context, account, body['id'])
    if (flipbook instanceof Response) return flipbook
    const fields = readFields(context, body)
    if ((fields.texts.private_note ?? '').length > PRIVATE_NOTE_CHARS_MAX) return c.text('Internal Server Error', 500)
    const template = fields.design['template']
    if (template !== undefined && ownFlipbook(c, context, account, template) instanceof Response) return unauthorized(c)
    const refusal = fieldsRefusal(c, context, account, fields)
    if (refusal) return refusal
    applyFields(context, flipbook, fields)
    // What a PATCH wrote shows at once, settling or not (CONFIRMED: within seconds).
    const written = Object.keys(fields.texts) as TextField[]
    if (flipbook.settling) flipbook.settling.fields = flipbook.settling.fields.filter((name) => !written.includes(name))
    context.touch()
    return done(c, 'Flipbook updated')
  }

  async function replace(c: Context, account: Account): Promise<Response> {
    if (!account.hasReplace) return refused(c, 403, 'Private API endpoint. Please contact support@heyzine.com to enable it')
    const body = await readBody(c)
    const flipbook = ownFlipbook(c, context, account, body['id'])
    if (flipbook instanceof Response) return flipbook
    const userAgent = assumes(context, 'emptyUserAgent') ? '' : 'Mozilla/5.0 (compatible; flipbook converter)'
    const source = await fetchWithFaults(context, c.req.path, typeof body['pdf'] === 'string' ? body['pdf'] : '', userAgent)
    // The type must be exact: no parameters (CONFIRMED).
    if (!source.ok || source.status !== 200 || !DOCUMENT_TYPES.includes(source.contentType)) {
      return refused(c, 422, 'The address is no direct file link or the type is unsupported: pdf, docx, doc, odp, odt, ppt, pptx, rtf')
    }
    storeDocument(context, flipbook, source.bytes, (flipbook.document?.suffix ?? 0) + 1)
    const links = flipbookLinks(c, flipbook)
    return c.json({
      id: flipbook.id,
      url: links.custom,
      thumbnail: links.thumbnail,
      pdf: links.pdf,
      meta: { num_pages: flipbook.document?.pages ?? 1 },
    })
  }

  app.get(
    '/flipbook-list',
    withAccount(context, (c, account) => {
      const defaultLimit = context.isStrict() ? 0 : context.setting('defaultListLimit')
      const limit = wholeNumber(c.req.query('limit'), defaultLimit || Number.MAX_SAFE_INTEGER)
      const offset = wholeNumber(c.req.query('offset'), 0)
      const rows = listFlipbooks(context.state, account.clientId).slice(offset, offset + limit)
      return c.json(rows.map((flipbook) => listRow(c, context, flipbook)))
    }),
  )
  app.get(
    '/flipbook-details',
    withAccount(context, (c, account) => {
      const flipbook = ownFlipbook(c, context, account, c.req.query('id'))
      return flipbook instanceof Response ? flipbook : c.json(detailsBody(c, context, flipbook))
    }),
  )
  app.patch('/flipbook-design', withAccount(context, design))
  app.post(
    '/flipbook-social',
    withAccount(context, async (c, account) => {
      const body = await readBody(c)
      const flipbook = ownFlipbook(c, context, account, body['id'])
      if (flipbook instanceof Response) return flipbook
      const social = readSocial(body)
      if (!social) return refused(c, 422, 'Send title, description or thumbnail')
      Object.assign(flipbook.social, social)
      context.touch()
      return c.json({ success: true })
    }),
  )
  app.post('/flipbook-replace', withAccount(context, replace))
  app.post(
    '/flipbook-delete',
    withAccount(context, async (c, account) => {
      const flipbook = ownFlipbook(c, context, account, (await readBody(c))['id'])
      if (flipbook instanceof Response) return flipbook
      removeFlipbook(context.state, flipbook.id)
      context.touch()
      return done(c, 'Flipbook deleted')
    }),
  )
  app.get('/oembed', (c) => {
    const name =
      URL.parse(c.req.query('url') ?? '')
        ?.pathname.split('/')
        .at(-1) ?? ''
    const flipbook = findShown(context, name)
    if (!flipbook) return c.json({ error: 'Not found' }, 404)
    const widthMax = wholeNumber(c.req.query('maxwidth'), 0)
    const heightMax = wholeNumber(c.req.query('maxheight'), 0)
    return c.json(oembedBody(c, context, flipbook, { ...(widthMax ? { widthMax } : {}), ...(heightMax ? { heightMax } : {}) }))
  })
  return app
}
