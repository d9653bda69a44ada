import { change, figure, period, printable } from './figures.ts'
import { DOWN, QUIET, UP } from './palette.ts'
import { MARGIN, PAGE_WIDTH, type Sheet, WIDTH } from './sheet.ts'
import type { SocialReport } from '@couplet/core'
import type { Brand } from './brand.ts'

const LOGO_WIDTH = 132
const LOGO_HEIGHT = 40
const LOGO_PAD = 8
const TITLE_CHARS_MAX = 90
const CARD_GAP = 14
const CARD_HEIGHT = 64

export function titleOf(report: SocialReport): string {
  const title = printable(report.title)
  return title.length <= TITLE_CHARS_MAX ? title : `${title.slice(0, TITLE_CHARS_MAX - 1).trimEnd()}…`
}

/** The head of the first page in the sender's colour, the sentence, and the totals. */
export function drawCover(sheet: Sheet, report: SocialReport, brand: Brand): void {
  const { doc, colors, root } = sheet
  const title = titleOf(report)
  const section = doc.struct('Sect')
  root.add(section)
  const titleLook = { size: 28, isStrong: true, color: colors.onBand, width: WIDTH, lineGap: 2 }
  const titleTop = brand.logo ? 104 : 84
  const titleHeight = sheet.heightOf(title, titleLook)
  const bandHeight = titleTop + titleHeight + 82
  sheet.artifact(() => {
    doc.rect(0, 0, PAGE_WIDTH, bandHeight).fill(colors.band)
    doc.rect(0, bandHeight, PAGE_WIDTH, 4).fill(colors.soft)
  })
  const name = printable(brand.name ?? 'Social media report').toUpperCase()
  const { logo } = brand
  if (logo) {
    // Logos are made for white; on a colour of its own it might not be seen.
    sheet.artifact(() => doc.roundedRect(MARGIN, 36, LOGO_WIDTH + 2 * LOGO_PAD, LOGO_HEIGHT + 2 * LOGO_PAD, 4).fill('#ffffff'))
    section.add(
      doc.struct('Figure', { alt: `Logo of ${printable(brand.name ?? 'the sender')}` }, () => {
        doc.image(Buffer.from(logo), MARGIN + LOGO_PAD, 36 + LOGO_PAD, { fit: [LOGO_WIDTH, LOGO_HEIGHT], align: 'left', valign: 'center' })
      }),
    )
  }
  const nameAt = logo ? { x: MARGIN + LOGO_WIDTH + 2 * LOGO_PAD + 16, y: 59 } : { x: MARGIN, y: 44 }
  sheet.write(section, 'P', name, nameAt, {
    size: 9,
    isStrong: true,
    color: colors.onBandQuiet,
    spacing: 1,
    width: PAGE_WIDTH - MARGIN - nameAt.x,
    isOneLine: true,
  })
  sheet.write(section, 'H1', title, { x: MARGIN, y: titleTop }, titleLook)
  const below = titleTop + titleHeight + 8
  sheet.write(
    section,
    'P',
    printable(report.location),
    { x: MARGIN, y: below },
    { size: 16, color: colors.onBand, width: WIDTH, isOneLine: true },
  )
  const compared = report.compared ? `, compared with ${period(report.compared.from, report.compared.to)}` : ''
  sheet.write(
    section,
    'P',
    `${period(report.from, report.to)}${compared}`,
    { x: MARGIN, y: below + 26 },
    { size: 10, color: colors.onBandQuiet, width: WIDTH, isOneLine: true },
  )

  sheet.y = bandHeight + 32
  const summary = printable(report.summary)
  if (summary !== '') {
    const look = { size: 14, lineGap: 4, width: WIDTH }
    sheet.write(section, 'P', summary, { x: MARGIN, y: sheet.y }, look)
    sheet.y += sheet.heightOf(summary, look) + 8
  }
  drawTotals(sheet, report)
}

/** The largest at which a figure still fits its card. */
const [VALUE_SIZE_MAX, VALUE_SIZE_MIN] = [22, 11]
const VALUE_SIZES = [VALUE_SIZE_MAX, 20, 18, 16, 14, 12]

function drawTotals(sheet: Sheet, report: SocialReport): void {
  const { doc, colors, root } = sheet
  const count = report.totals.length
  if (count === 0) return
  const section = doc.struct('Sect')
  root.add(section)
  // Rows come out full where they can: three and three rather than four and two.
  const inRow = count <= 5 ? Math.max(2, count) : count % 3 === 0 ? 3 : 4
  const width = (WIDTH - (inRow - 1) * CARD_GAP) / inRow
  for (let first = 0; first < count; first += inRow) {
    sheet.y += 14
    sheet.keep(CARD_HEIGHT)
    for (const [at, total] of report.totals.slice(first, first + inRow).entries()) {
      const x = MARGIN + at * (width + CARD_GAP)
      const y = sheet.y
      sheet.artifact(() => doc.rect(x, y, width, 2.5).fill(colors.strong))
      const value = figure(total.value)
      sheet.write(section, 'P', printable(total.label), { x, y: y + 10 }, { size: 9.5, color: QUIET, width, isOneLine: true })
      const size = VALUE_SIZES.find((one) => sheet.widthOf(value, { size: one, isStrong: true }) <= width - 1) ?? VALUE_SIZE_MIN
      sheet.write(section, 'P', value, { x, y: y + 22 + (VALUE_SIZE_MAX - size) / 2 }, { size, isStrong: true, width, isOneLine: true })
      const percent = total.changePercent
      const moved = percent === undefined ? 'no comparison' : change(percent)
      const color = percent === undefined || moved === 'no change' ? QUIET : percent > 0 ? UP : DOWN
      sheet.write(section, 'P', moved, { x, y: y + 50 }, { size: 9, color, isStrong: color !== QUIET, width, isOneLine: true })
    }
    sheet.y += CARD_HEIGHT
  }
}
