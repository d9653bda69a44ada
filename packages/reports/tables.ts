import { figure, printable } from './figures.ts'
import { QUIET, RULE } from './palette.ts'
import { MARGIN, type Sheet, WIDTH } from './sheet.ts'
import type { PlatformFigures, SocialReport } from '@couplet/core'

const ROW_HEIGHT = 19
const HEAD_HEIGHT = 19
/** A table of at most so many rows stays on one page with its heading. */
const ROWS_KEPT_TOGETHER_MAX = 12

type Column<Row> = {
  title: string
  width: number
  isLeft?: boolean
  cell: (row: Row) => string
  draw?: (row: Row, x: number, y: number) => void
}

/** A table with its head repeated on every page, told to readers for the blind as one. */
function drawTable<Row>(sheet: Sheet, title: string, rows: readonly Row[], columns: readonly Column<Row>[], foot?: string): void {
  if (rows.length === 0) return
  const { doc } = sheet
  const kept = Math.min(rows.length, ROWS_KEPT_TOGETHER_MAX)
  const section = sheet.heading(title, HEAD_HEIGHT + kept * ROW_HEIGHT + (foot === undefined ? 0 : 20))
  const table = doc.struct('Table')
  section.add(table)
  const edges = columns.map((_column, at) => MARGIN + columns.slice(0, at).reduce((sum, { width }) => sum + width, 0))
  const head = () => {
    const row = doc.struct('TR')
    table.add(row)
    for (const [at, { title: name, width, isLeft }] of columns.entries())
      sheet.write(
        row,
        'TH',
        name,
        { x: edges[at] ?? MARGIN, y: sheet.y },
        { size: 8, isStrong: true, color: QUIET, width: width - (isLeft ? 8 : 0), align: isLeft ? 'left' : 'right', isOneLine: true },
      )
    const y = sheet.y + 15
    sheet.artifact(() =>
      doc
        .lineWidth(1)
        .moveTo(MARGIN, y)
        .lineTo(MARGIN + WIDTH, y)
        .stroke(QUIET),
    )
    sheet.y += HEAD_HEIGHT
  }
  head()
  for (const one of rows) {
    if (sheet.keep(ROW_HEIGHT)) head()
    const row = doc.struct('TR')
    table.add(row)
    for (const [at, { width, isLeft, cell, draw }] of columns.entries()) {
      const x = edges[at] ?? MARGIN
      const text = cell(one)
      if (draw) sheet.artifact(() => draw(one, x, sheet.y))
      sheet.write(
        row,
        at === 0 ? 'TH' : 'TD',
        text,
        { x, y: sheet.y + 2 },
        {
          size: 9.5,
          isStrong: at === 0,
          width: width - (isLeft ? 8 : 0),
          align: isLeft ? 'left' : 'right',
          isOneLine: true,
          ...(text === '–' ? { color: QUIET } : {}),
        },
      )
    }
    const y = sheet.y + ROW_HEIGHT - 3
    sheet.artifact(() =>
      doc
        .lineWidth(0.5)
        .moveTo(MARGIN, y)
        .lineTo(MARGIN + WIDTH, y)
        .stroke(RULE),
    )
    sheet.y += ROW_HEIGHT
  }
  if (foot !== undefined) {
    sheet.keep(18)
    sheet.write(section, 'P', foot, { x: MARGIN, y: sheet.y + 3 }, { size: 8.5, color: QUIET, width: WIDTH })
    sheet.y += 16
  }
}

/** With the width that heading and figures need. */
const COLUMNS = [
  ['followers', 'Followers', 50],
  ['posts', 'Posts', 34],
  ['impressions', 'Impressions', 60],
  ['reach', 'Reach', 50],
  ['engagement', 'Engagement', 60],
  ['likes', 'Likes', 46],
  ['comments', 'Comments', 56],
  ['shares', 'Shares', 42],
] as const
/** The figures' part of the width, and how far they are pulled apart when they are few. */
const FIGURES_SHARE = 0.8
const APART_MAX = 1.3
const DASH_FOOT = '– means that the platform does not give this figure.'

function figureTable<Row extends Omit<PlatformFigures, 'platform'>>(
  sheet: Sheet,
  title: string,
  first: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): void {
  const found = COLUMNS.filter(([key]) => rows.some((row) => row[key] !== undefined))
  const needed = found.reduce((sum, [, , width]) => sum + width, 0)
  const apart = Math.min(APART_MAX, (WIDTH * FIGURES_SHARE) / needed)
  if (found.length === 0) return
  const hasGaps = rows.some((row) => found.some(([key]) => row[key] === undefined))
  drawTable(
    sheet,
    title,
    rows,
    [
      {
        title: first,
        width: WIDTH - needed * apart,
        isLeft: true,
        cell: (row) => printable(nameOf(row)),
      },
      ...found.map(([key, label, width]) => ({
        title: label,
        width: width * apart,
        cell: (row: Row) => figure(row[key]),
      })),
    ],
    hasGaps ? DASH_FOOT : undefined,
  )
}

export function drawFigureTables(sheet: Sheet, report: SocialReport): void {
  figureTable(sheet, 'Every platform', 'Platform', report.platforms, ({ platform }) => platform)
  figureTable(sheet, 'Every location', 'Location', report.places ?? [], ({ name }) => name)
}

const RANGE_WIDTH = 190
const SCALE_MAX = 3

/** What tags earned, with where the true value may lie. */
export function drawTags(sheet: Sheet, tags: NonNullable<SocialReport['tags']>): void {
  const { doc, colors } = sheet
  const place = (index: number) => (Math.min(SCALE_MAX, Math.max(0, index)) / SCALE_MAX) * (RANGE_WIDTH - 24)
  drawTable(
    sheet,
    'What tags earn',
    tags,
    [
      { title: 'Tag', width: WIDTH - RANGE_WIDTH - 172, isLeft: true, cell: ({ tag }) => printable(tag) },
      {
        title: 'Against the usual post',
        width: RANGE_WIDTH,
        isLeft: true,
        cell: () => '',
        draw: ({ index, low, high }, x, y) => {
          const middle = y + 8
          doc
            .lineWidth(0.5)
            .moveTo(x, middle)
            .lineTo(x + place(SCALE_MAX), middle)
            .stroke(RULE)
          doc
            .moveTo(x + place(1), y + 2)
            .lineTo(x + place(1), y + 14)
            .stroke(QUIET)
          if (low !== undefined && high !== undefined)
            doc.rect(x + place(low), middle - 2, Math.max(2, place(high) - place(low)), 4).fill(colors.soft)
          doc.circle(x + place(index), middle, 3).fill(low === undefined ? RULE : colors.strong)
        },
      },
      { title: 'Engagement', width: 66, cell: ({ index }) => `${index.toFixed(1)}×` },
      {
        title: 'Range',
        width: 66,
        cell: ({ low, high }) => (low === undefined || high === undefined ? '–' : `${low.toFixed(1)}–${high.toFixed(1)}`),
      },
      { title: 'Posts', width: 40, cell: ({ posts }) => figure(posts) },
    ],
    'Likes, comments and shares against the usual post (1×). Without a range there were too few posts to say.',
  )
}

export function drawPosts(sheet: Sheet, posts: NonNullable<SocialReport['posts']>): void {
  drawTable(sheet, 'Posts that earned most', posts, [
    { title: 'Post', width: WIDTH - 250, isLeft: true, cell: ({ text }) => printable(text) || 'Without text' },
    { title: 'Where', width: 118, isLeft: true, cell: ({ place, platforms }) => printable(platforms.join(', ') || place) },
    { title: 'Day', width: 64, isLeft: true, cell: ({ day }) => day },
    { title: 'Engagement', width: 68, cell: ({ engagement }) => figure(engagement) },
  ])
}
