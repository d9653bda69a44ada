import type { Context } from 'hono'
import type { Account, Bookshelf, Flipbook, HeyzineContext, Plan, TextField } from './state.ts'
import { A4_ASPECT_RATIO, assumes, planRank, shortId } from './state.ts'

/** Failures are HTTP 200 (CONFIRMED). */
export const refused = (c: Context, code: number, msg: string): Response => c.json({ success: false, code, msg })
export const done = (c: Context, msg: string): Response => c.json({ success: true, code: 200, msg })
export const wrongKey = (c: Context): Response => refused(c, 403, 'Invalid user or api key')
export const unauthorized = (c: Context): Response => refused(c, 403, 'Unauthorized')

/** Unknown names answer an HTML page (CONFIRMED); so do known names with another verb (ASSUMED). */
export const notFoundPage = (c: Context): Response =>
  c.html(
    '<!doctype html><html lang="en"><head><title>Page not found</title></head><body><h1>404</h1><p>This page does not exist.</p></body></html>',
    404,
  )

/** The refusal when the account's plan is below `needed`, else undefined. Words and code ASSUMED beyond "requires a plan". */
export function planRefusal(c: Context, context: HeyzineContext, account: Account, needed: Plan, what: string): Response | undefined {
  if (planRank(account.plan) >= planRank(needed)) return undefined
  const msg = `${what} requires a plan of ${needed} or above`
  return assumes(context, 'planRefusalCode') ? refused(c, 403, msg) : c.json({ success: false, msg })
}

const isoDate = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** What the API shows of a text field now: empty while it settles (CONFIRMED). */
function shownText(context: HeyzineContext, flipbook: Flipbook, field: TextField): string {
  const { settling } = flipbook
  return settling && settling.fields.includes(field) && context.clock.now() < settling.until ? '' : flipbook.texts[field]
}

const fileName = (flipbook: Flipbook): string => {
  const suffix = flipbook.document?.suffix ?? 0
  return flipbook.id.replace(/\.pdf$/, suffix > 0 ? `-${suffix}` : '')
}

/** Where a flipbook can be seen. The host is this simulator's own (the real CDN host is ASSUMED). */
export function flipbookLinks(c: Context, flipbook: Flipbook): { custom: string; base: string; thumbnail: string; pdf: string } {
  const { origin } = new URL(c.req.url)
  const base = `${origin}/flip-book/${shortId(flipbook.id)}.html`
  const path = flipbook.design['url_path']
  return {
    custom: typeof path === 'string' ? `${origin}/flip-book/${path}.html` : base,
    base,
    thumbnail: `${origin}/cdn/covers/${fileName(flipbook)}.svg`,
    pdf: `${origin}/cdn/files/${fileName(flipbook)}.pdf`,
  }
}

/** A row of `flipbook-list`: no tags (CONFIRMED). */
export function listRow(c: Context, context: HeyzineContext, flipbook: Flipbook) {
  return {
    id: flipbook.id,
    date: isoDate(flipbook.createdAt),
    title: shownText(context, flipbook, 'title'),
    subtitle: flipbook.texts.subtitle,
    description: flipbook.texts.description,
    private: shownText(context, flipbook, 'private_note'),
    size: flipbook.document?.sizeBytes ?? 0,
    pages: flipbook.document?.pages ?? 0,
    links: flipbookLinks(c, flipbook),
  }
}

/** The answer of `flipbook-details`. */
export function detailsBody(c: Context, context: HeyzineContext, flipbook: Flipbook) {
  const { size, ...row } = listRow(c, context, flipbook)
  return {
    ...row,
    ...(assumes(context, 'sizeInDetails') ? { size } : {}),
    tags: shownText(context, flipbook, 'tags'),
    oembed: oembedBody(c, context, flipbook, {}),
  }
}

/** The answer of both convert endpoints; the white-label host shows here only (CONFIRMED). Zero pages until known (ASSUMED). */
export function conversionBody(c: Context, flipbook: Flipbook, account: Account) {
  const links = flipbookLinks(c, flipbook)
  return {
    id: flipbook.id,
    url: account.whiteLabelHost ? `https://${account.whiteLabelHost}/${shortId(flipbook.id)}.html` : links.custom,
    thumbnail: links.thumbnail,
    pdf: links.pdf,
    meta: { num_pages: flipbook.document?.pages ?? 0, aspect_ratio: flipbook.document?.aspectRatio ?? A4_ASPECT_RATIO },
  }
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** oEmbed 1.0, type rich. Sizes without a limit are ASSUMED. */
export function oembedBody(c: Context, context: HeyzineContext, flipbook: Flipbook, limits: { widthMax?: number; heightMax?: number }) {
  const links = flipbookLinks(c, flipbook)
  const width = Math.min(720, limits.widthMax ?? 720)
  const height = Math.min(405, limits.heightMax ?? 405)
  const title = shownText(context, flipbook, 'title')
  return {
    type: 'rich',
    version: '1.0',
    title,
    provider_name: 'Heyzine',
    provider_url: 'https://heyzine.com',
    html: `<iframe src="${escapeHtml(links.custom)}" title="${escapeHtml(title)}" width="${width}" height="${height}" style="border:0" allowfullscreen></iframe>`,
    width,
    height,
    thumbnail_url: links.thumbnail,
    thumbnail_width: 300,
    thumbnail_height: Math.round(300 / (flipbook.document?.aspectRatio ?? A4_ASPECT_RATIO)),
  }
}

export function shelfRow(c: Context, shelf: Bookshelf) {
  const { origin } = new URL(c.req.url)
  return {
    id: shelf.id,
    date: isoDate(shelf.createdAt),
    title: shelf.title,
    subtitle: shelf.subtitle,
    description: shelf.description,
    flipbook_count: shelf.flipbookIds.length,
    links: { url: `${origin}/shelf/${shortId(shelf.id)}.html`, thumbnail: `${origin}/cdn/shelves/${shelf.id}.svg` },
  }
}

/** A page of the simulated vendor. `body` is HTML; `title` is text. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}object{width:100%;height:75vh;border:1px solid #8884}</style></head><body>${body}</body></html>`

/** A drawn cover with the title on it. */
export const coverSvg = (title: string, revision: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="424" viewBox="0 0 300 424"><rect width="300" height="424" fill="#eef2f6"/><rect width="300" height="12" fill="#2f5d8a"/><text x="24" y="90" font-family="sans-serif" font-size="18" fill="#1c2733">${escapeHtml(title.slice(0, 32))}</text><text x="24" y="396" font-family="sans-serif" font-size="12" fill="#5a6a7a">Document ${revision + 1}</text></svg>`
