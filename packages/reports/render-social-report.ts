import { readFile } from 'node:fs/promises'
import { drawPlatforms, drawCourse } from './charts.ts'
import { drawCover, titleOf } from './cover.ts'
import { period, printable, readDay } from './figures.ts'
import { palette, QUIET } from './palette.ts'
import { MARGIN, openSheet, PAGE_WIDTH, type Sheet, WIDTH } from './sheet.ts'
import type { SocialReport } from '@couplet/core'
import type { Brand } from './brand.ts'
import { drawFigureTables, drawPosts, drawTags } from './tables.ts'

const font = (name: string): Promise<Buffer> => readFile(new URL(`fonts/${name}.ttf`, import.meta.url))

/** Loads the typesetter and its letters on first use: most processes never need them. */
async function load() {
  const [{ default: PDFDocument }, regular, strong] = await Promise.all([import('pdfkit'), font('inter-regular'), font('inter-semibold')])
  return { PDFDocument, fonts: { regular, strong } }
}
let loading: ReturnType<typeof load> | undefined

/**
 * Renders a report of social figures as a tagged PDF: headings, tables and charts are told to readers for the blind. The same input gives the same
 * bytes: the document's date and id come from the report, not from the clock, so whoever publishes it can tell by a hash that nothing has changed.
 *
 * Throws user faults `report.date` and `report.color` for input that cannot be read.
 */
export async function renderSocialReport(report: SocialReport, brand: Brand = {}): Promise<{ bytes: Uint8Array; pages: number }> {
  const colors = palette(brand.color)
  const madeAt = readDay(report.to)
  const span = period(report.from, report.to)
  const title = `${titleOf(report)} – ${printable(report.location)}`
  const { PDFDocument, fonts } = await (loading ??= load())
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-GB',
    displayTitle: true,
    bufferPages: true,
    autoFirstPage: false,
    info: {
      Title: title,
      Subject: `Social media figures, ${span}`,
      Creator: 'Couplet',
      Producer: 'Couplet',
      CreationDate: madeAt,
      ModDate: madeAt,
      ...(brand.name ? { Author: printable(brand.name) } : {}),
    },
  })
  const bytes = gathered(doc)
  const sheet = openSheet(doc, colors, fonts)
  drawCover(sheet, report, brand)
  drawCourse(sheet, report)
  drawPlatforms(sheet, report.platforms)
  drawFigureTables(sheet, report)
  drawTags(sheet, report.tags ?? [])
  drawPosts(sheet, report.posts ?? [])
  drawList(sheet, 'What can be said about posting', report.insights ?? [])
  drawList(sheet, 'About these figures', report.notes)
  sheet.root.end()

  const { count } = doc.bufferedPageRange()
  const foot = [brand.name, report.location, report.asOf === undefined ? undefined : `as of ${period(report.asOf, report.asOf)}`]
    .flatMap((part) => (part === undefined || part === '' ? [] : printable(part)))
    .join('  ·  ')
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    doc.markContent('Artifact', { type: 'Pagination' })
    if (page > 0) {
      doc.rect(0, 0, PAGE_WIDTH, 8).fill(colors.band)
      doc.font('regular').fontSize(8.5).fillColor(QUIET).text(title, MARGIN, 28, { width: WIDTH, height: 11, ellipsis: true })
    }
    doc
      .font('regular')
      .fontSize(8)
      .fillColor(QUIET)
      .text(foot, MARGIN, 802, { width: WIDTH - 90, height: 10, ellipsis: true })
    doc.text(`Page ${page + 1} of ${count}`, MARGIN + WIDTH - 80, 802, { width: 80, align: 'right' })
    doc.endMarkedContent()
  }
  doc.end()
  return { bytes: await bytes, pages: count }
}

function gathered(doc: {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  on(event: 'end', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk) => chunks.push(chunk))
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
}

/** Sentences, one beneath the other. */
function drawList(sheet: Sheet, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const { doc, colors } = sheet
  const look = { size: 9.5, lineGap: 1.5, width: WIDTH - 16 }
  const texts = lines.map(printable)
  const first = texts[0] === undefined ? 0 : sheet.heightOf(texts[0], look)
  const section = sheet.heading(title, first + 8)
  const list = doc.struct('L')
  section.add(list)
  for (const text of texts) {
    const height = sheet.heightOf(text, look)
    sheet.keep(height)
    const y = sheet.y
    sheet.artifact(() => doc.rect(MARGIN, y + 4, 4, 4).fill(colors.strong))
    const item = doc.struct('LI')
    list.add(item)
    sheet.write(item, 'LBody', text, { x: MARGIN + 14, y }, look)
    sheet.y += height + 4
  }
}
