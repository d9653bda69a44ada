import { dayOfMonth, figure, period, printable, shortFigure } from './figures.ts'
import { QUIET, RULE } from './palette.ts'
import { BOTTOM, FIGURES, MARGIN, SECTION_GAP, type Sheet, WIDTH } from './sheet.ts'
import type { CoursePoint, PlatformFigures, SocialReport } from '@couplet/core'

const COURSE_HEIGHT = 168
const COURSE_HEIGHT_MAX = 300
/** Heading, legend and labels of the course. */
const COURSE_WORDS = 66
const AXIS_WIDTH = 36
const LABELS_MAX = 8

/** A round number a little above the largest: 1, 2, 2.5 or 5 times a power of ten, four of which reach the top. */
function stepOf(max: number): number {
  const raw = max / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power
}

/** The course is as high as usual when what follows fits beneath it; else it takes the rest of the page. */
function courseHeight(sheet: Sheet, following: number): number {
  const room = BOTTOM - sheet.y - SECTION_GAP - COURSE_WORDS
  return room < COURSE_HEIGHT || room - COURSE_HEIGHT >= following ? COURSE_HEIGHT : Math.min(COURSE_HEIGHT_MAX, room)
}

/** The course of one figure: a line that is broken where nothing is known, the compared period dashed beneath it. */
export function drawCourse(sheet: Sheet, report: SocialReport): void {
  const { course, compared } = report
  const values = [...(course?.points ?? []), ...(course?.before ?? [])].flatMap(({ value }) => value ?? [])
  if (!course || values.length === 0) return
  const { doc, colors } = sheet
  const chartHeight = courseHeight(sheet, heightOfPlatforms(report.platforms))
  const section = sheet.heading(`${printable(course.label)} over time`, chartHeight + 40)
  const step = stepOf(Math.max(...values, 1))
  const top = Math.ceil(Math.max(...values, 1) / step) * step
  const [left, right] = [MARGIN + AXIS_WIDTH, MARGIN + WIDTH]
  const down = sheet.y + 18 + chartHeight
  const count = Math.max(2, course.points.length)
  const x = (at: number) => left + (at / (count - 1)) * (right - left)
  const y = (value: number) => down - (value / top) * chartHeight
  const line = (points: readonly CoursePoint[]) => {
    let isOn = false
    for (const [at, { value }] of points.slice(0, count).entries()) {
      if (value !== null && isOn) doc.lineTo(x(at), y(value))
      else if (value !== null) doc.moveTo(x(at), y(value)).lineTo(x(at) + 0.01, y(value))
      isOn = value !== null
    }
  }
  const known = course.points.filter(({ value }) => value !== null)
  const alt = `Line chart of ${course.label.toLowerCase()} from ${report.from} to ${report.to}: ${known.map(({ day, value }) => `${dayOfMonth(day)} ${figure(value ?? undefined)}`).join(', ')}.`
  section.add(
    doc.struct('Figure', { alt }, () => {
      doc.lineWidth(0.5)
      for (let value = 0; value <= top; value += step) {
        doc.moveTo(left, y(value)).lineTo(right, y(value)).stroke(RULE)
        doc
          .font('regular')
          .fontSize(8)
          .fillColor(QUIET)
          .text(shortFigure(value), MARGIN, y(value) - 4, { width: AXIS_WIDTH - 8, align: 'right' })
      }
      if (course.before.length > 0) {
        line(course.before)
        doc.lineWidth(1).lineCap('butt').dash(3, { space: 3 }).stroke(QUIET).undash()
      }
      line(course.points)
      doc.lineWidth(1.8).lineCap('round').lineJoin('round').stroke(colors.strong)
      const every = Math.max(1, Math.ceil(course.points.length / LABELS_MAX))
      for (const [at, { day }] of course.points.entries())
        if (at % every === 0)
          doc
            .fontSize(8)
            .fillColor(QUIET)
            .text(dayOfMonth(day), Math.min(x(at) - 24, right - 48), down + 6, { width: 48, align: 'center' })
    }),
  )
  sheet.artifact(() => {
    doc
      .moveTo(left, sheet.y + 4)
      .lineTo(left + 16, sheet.y + 4)
      .lineWidth(1.8)
      .stroke(colors.strong)
    if (compared)
      doc
        .moveTo(left + 100, sheet.y + 4)
        .lineTo(left + 116, sheet.y + 4)
        .lineWidth(1)
        .dash(3, { space: 3 })
        .stroke(QUIET)
        .undash()
  })
  sheet.write(section, 'P', 'This period', { x: left + 22, y: sheet.y - 1 }, { size: 9, color: QUIET })
  if (compared) sheet.write(section, 'P', period(compared.from, compared.to), { x: left + 122, y: sheet.y - 1 }, { size: 9, color: QUIET })
  sheet.y = down + 22
}

const LABEL_WIDTH = 104
const FIGURE_WIDTH = 64
const BAR_WIDTH_MAX = WIDTH - LABEL_WIDTH - FIGURE_WIDTH
const BAR_HEIGHT = 9
const ROW_GAP = 8

const BARS = [
  { key: 'impressions', label: 'Impressions', shade: 'strong' },
  { key: 'reach', label: 'Reach', shade: 'soft' },
] as const
const barsOf = (platforms: readonly PlatformFigures[]) => BARS.filter(({ key }) => platforms.some((row) => row[key] !== undefined))
const ROWS_KEPT_TOGETHER_MAX = 12

function heightOfPlatforms(platforms: readonly PlatformFigures[]): number {
  const rows = Math.min(platforms.length, ROWS_KEPT_TOGETHER_MAX)
  return SECTION_GAP + 46 + rows * (barsOf(platforms).length * (BAR_HEIGHT + 3) + ROW_GAP)
}

/** Bars of impressions and reach by platform. */
export function drawPlatforms(sheet: Sheet, platforms: readonly PlatformFigures[]): void {
  const { doc, colors } = sheet
  const series = barsOf(platforms).map(({ shade, ...bar }) => ({ ...bar, color: colors[shade] }))
  const max = Math.max(0, ...platforms.flatMap((row) => series.map(({ key }) => row[key] ?? 0)))
  if (series.length === 0 || max === 0) return
  const rows = platforms.filter((row) => series.some(({ key }) => row[key] !== undefined))
  const rowHeight = series.length * (BAR_HEIGHT + 3) + ROW_GAP
  const title = series.map(({ label }, at) => (at === 0 ? label : label.toLowerCase())).join(' and ')
  const section = sheet.heading(`${title} by platform`, 18 + Math.min(rows.length, ROWS_KEPT_TOGETHER_MAX) * rowHeight)
  for (const [at, { label, color }] of series.entries()) {
    sheet.artifact(() => doc.rect(MARGIN + at * 92, sheet.y + 1, 9, 9).fill(color))
    sheet.write(section, 'P', label, { x: MARGIN + at * 92 + 14, y: sheet.y }, { size: 9, color: QUIET })
  }
  sheet.y += 20
  for (const row of rows) {
    sheet.keep(rowHeight)
    sheet.write(section, 'P', printable(row.platform), { x: MARGIN, y: sheet.y }, { size: 9.5, width: LABEL_WIDTH - 8, isOneLine: true })
    for (const { key, label, color } of series) {
      const value = row[key]
      if (value === undefined) continue
      // A value above nothing always shows, however small beside the largest.
      const length = value <= 0 ? 0 : Math.max(1.5, (value / max) * BAR_WIDTH_MAX)
      const y = sheet.y
      section.add(
        doc.struct('Figure', { alt: `${label} on ${printable(row.platform)}: ${figure(value)}` }, () => {
          if (length > 0) doc.rect(MARGIN + LABEL_WIDTH, y, length, BAR_HEIGHT).fill(color)
          doc
            .font('regular')
            .fontSize(9)
            .fillColor(QUIET)
            .text(figure(value), MARGIN + LABEL_WIDTH + length + 6, y - 1, { lineBreak: false, features: FIGURES })
        }),
      )
      sheet.y += BAR_HEIGHT + 3
    }
    sheet.y += ROW_GAP
  }
}
