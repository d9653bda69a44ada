import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type pdfmakeType from 'pdfmake'
import { reportDocument } from './report-document.ts'
import type { Brand, SocialReport } from './social-report.ts'

let loading: Promise<typeof pdfmakeType> | undefined

/** Loads the typesetter on first use (it costs some 15 MB) and shuts it off from network and disk, its own fonts excepted. */
async function load(): Promise<typeof pdfmakeType> {
  const { default: pdfmake } = await import('pdfmake')
  const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
  const roboto = {
    normal: join(fonts, 'Roboto-Regular.ttf'),
    bold: join(fonts, 'Roboto-Medium.ttf'),
    italics: join(fonts, 'Roboto-Italic.ttf'),
    bolditalics: join(fonts, 'Roboto-MediumItalic.ttf'),
  }
  const files = new Set(Object.values(roboto))
  pdfmake.setFonts({ Roboto: roboto })
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => files.has(path))
  return pdfmake
}

/**
 * Renders a report of social figures as PDF. The same input gives the same bytes: the document's date and id come from the report, not
 * from the clock, so whoever publishes it can tell by a hash that nothing has changed.
 *
 * Throws user faults `report.date` and `report.color` for input that cannot be read.
 */
export async function renderSocialReport(report: SocialReport, brand: Brand = {}): Promise<{ bytes: Uint8Array; pages: number }> {
  const document = reportDocument(report, brand)
  const pdfmake = await (loading ??= load())
  let pages = 1
  const made = pdfmake.createPdf({
    ...document,
    // The footer is the one place that is told how many pages there are.
    footer: (page, pageCount) => {
      pages = pageCount
      return document.footer?.(page, pageCount) ?? ''
    },
  })
  const bytes = await made.getBuffer()
  return { bytes: new Uint8Array(bytes), pages }
}
