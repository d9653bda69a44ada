import { Hono } from 'hono'
import { coverSvg, escapeHtml, flipbookLinks, notFoundPage, page } from './answers.ts'
import { loadDocument } from './conversion.ts'
import { samplePdf } from './pdf.ts'
import { assumes, type Flipbook, type HeyzineContext, shortId } from './state.ts'

/** The flipbook behind the last part of a viewer address: short id or own path, with or without `.html`. */
export function findShown(context: HeyzineContext, name: string): Flipbook | undefined {
  const bare = name.replace(/\.html$/, '')
  return context.state.flipbooks.find((flipbook) => shortId(flipbook.id) === bare || flipbook.design['url_path'] === bare)
}

/** What readers see: viewer, shelf, covers and stored files. They answer in strict mode too, since answers link to them. */
export function publicRoutes(context: HeyzineContext): Hono {
  const app = new Hono()
  const byFile = (name: string, ending: string) => {
    const id = `${new RegExp(`^([0-9a-f]{40})(-\\d+)?\\.${ending}$`).exec(name)?.[1] ?? ''}.pdf`
    return context.state.flipbooks.find((flipbook) => flipbook.id === id && flipbook.document !== null)
  }

  app.get('/flip-book/:name', (c) => {
    const flipbook = findShown(context, c.req.param('name'))
    if (!flipbook) return notFoundPage(c)
    const title = flipbook.texts.title.trim() || 'Flipbook'
    if (!flipbook.document) {
      return assumes(context, 'notFoundWhileStarted') ? notFoundPage(c) : c.html(page(title, '<p>This flipbook is being prepared.</p>'))
    }
    const isOpen = !context.state.protections.some(({ name, mode }) => name === flipbook.id && mode !== 'disabled')
    const { pdf } = flipbookLinks(c, flipbook)
    const body = isOpen
      ? `<p>${escapeHtml(flipbook.texts.subtitle)}</p><object data="${pdf}" type="application/pdf"><a href="${pdf}">Open the document</a></object>`
      : '<p>This flipbook asks for a password.</p>'
    return c.html(page(title, `<h1>${escapeHtml(title)}</h1>${body}`))
  })
  app.get('/shelf/:name', (c) => {
    const bare = c.req.param('name').replace(/\.html$/, '')
    const shelf = context.state.bookshelves.find((shelf) => shortId(shelf.id) === bare)
    if (!shelf) return notFoundPage(c)
    const items = shelf.flipbookIds.flatMap((id) => {
      const flipbook = context.state.flipbooks.find((flipbook) => flipbook.id === id)
      return flipbook ? [`<li><a href="${flipbookLinks(c, flipbook).custom}">${escapeHtml(flipbook.texts.title)}</a></li>`] : []
    })
    return c.html(page(shelf.title, `<h1>${escapeHtml(shelf.title)}</h1><ol>${items.join('')}</ol>`))
  })
  app.get('/cdn/files/:name', (c) => {
    const flipbook = byFile(c.req.param('name'), 'pdf')
    if (!flipbook?.document) return notFoundPage(c)
    const { isSample, pages } = flipbook.document
    const bytes = isSample ? samplePdf(flipbook.texts.title, pages) : loadDocument(context, flipbook)
    // 410, not an invented document: only the record of a converted file outlives the sandbox's memory.
    if (!bytes) return c.text('The sandbox no longer holds this file. Convert it again with replace.', 410)
    return c.body(new Uint8Array(bytes), 200, { 'content-type': 'application/pdf' })
  })
  app.get('/cdn/covers/:name', (c) => {
    const flipbook = byFile(c.req.param('name'), 'svg')
    if (!flipbook?.document) return notFoundPage(c)
    return c.body(coverSvg(flipbook.texts.title, flipbook.document.revision), 200, { 'content-type': 'image/svg+xml' })
  })
  app.get('/cdn/shelves/:name', (c) => {
    const shelf = context.state.bookshelves.find((shelf) => c.req.param('name') === `${shelf.id}.svg`)
    if (!shelf) return notFoundPage(c)
    return c.body(coverSvg(shelf.title, 0), 200, { 'content-type': 'image/svg+xml' })
  })
  return app
}
