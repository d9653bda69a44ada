import type { Content, DocumentDefinition, TableLayout } from 'pdfmake'
import { change, figure, period, printable, readDay } from './figures.ts'
import { DOWN, INK, palette, type Palette, QUIET, RULE, UP } from './palette.ts'
import type { Brand, PlatformFigures, SocialReport } from './social-report.ts'

/* The page: A4, one column of text between margins of 48 points, everything on a grid of 4. */

const PAGE_WIDTH = 595.28
const MARGIN = 48
const WIDTH = PAGE_WIDTH - 2 * MARGIN
const BAND_HEIGHT = 164
/** Room for a title of two lines. */
const TALL_BAND_HEIGHT = 188
const TITLE_LINE_CHARS_MAX = 38
const TITLE_CHARS_MAX = 90
const CARD_GAP = 12
const BAR_LABEL_WIDTH = 96
const BAR_FIGURE_WIDTH = 72
const BAR_WIDTH_MAX = WIDTH - BAR_LABEL_WIDTH - BAR_FIGURE_WIDTH - 8
const BAR_HEIGHT = 9
/** A table or chart of at most so many rows stays on one page with its heading. */
const ROWS_KEPT_TOGETHER_MAX = 12

const heading = (text: string): Content => ({ text, fontSize: 13, bold: true, color: INK, margin: [0, 24, 0, 8] })

function titleOf(report: SocialReport): string {
  const title = printable(report.title)
  return title.length <= TITLE_CHARS_MAX ? title : `${title.slice(0, TITLE_CHARS_MAX - 1).trimEnd()}…`
}

const bandHeight = (report: SocialReport): number => (titleOf(report).length > TITLE_LINE_CHARS_MAX ? TALL_BAND_HEIGHT : BAND_HEIGHT)

function cover(report: SocialReport, brand: Brand, colors: Palette): Content {
  const title = titleOf(report)
  return {
    stack: [
      {
        text: printable(brand.name ?? 'Social media report').toUpperCase(),
        fontSize: 8.5,
        bold: true,
        characterSpacing: 1.2,
        color: colors.onBandQuiet,
      },
      {
        text: title,
        fontSize: title.length > TITLE_LINE_CHARS_MAX ? 22 : 28,
        bold: true,
        lineHeight: 1.1,
        color: colors.onBand,
        margin: [0, 20, 0, 0],
      },
      { text: printable(report.location), fontSize: 15, color: colors.onBand, margin: [0, 6, 0, 0] },
      { text: period(report.from, report.to), fontSize: 10.5, color: colors.onBandQuiet, margin: [0, 4, 0, 0] },
    ],
    absolutePosition: { x: MARGIN, y: 36 },
  }
}

function card(total: SocialReport['totals'][number] | undefined, colors: Palette, width: number): Content {
  if (!total) return { text: '', width }
  const value = figure(total.value)
  const percent = total.changePercent
  const isUnchanged = percent !== undefined && change(percent) === 'no change'
  const line: Content =
    percent === undefined
      ? { text: 'no comparison', fontSize: 8.5, color: QUIET }
      : {
          text: [
            { text: change(percent), bold: true, color: isUnchanged ? QUIET : percent > 0 ? UP : DOWN },
            { text: isUnchanged ? '' : ' on the period before', color: QUIET },
          ],
          fontSize: 8.5,
        }
  return {
    width,
    stack: [
      { canvas: [{ type: 'rect', x: 0, y: 0, w: width, h: 2.5, color: colors.strong }] },
      { text: printable(total.label), fontSize: 9.5, color: QUIET, margin: [0, 8, 0, 0] },
      { text: value, fontSize: value.length > 12 ? 14 : value.length > 9 ? 17 : 22, bold: true, color: INK, margin: [0, 2, 0, 2] },
      line,
    ],
  }
}

function totals(report: SocialReport, colors: Palette): Content[] {
  const count = report.totals.length
  // Rows come out full where they can: three and three rather than four and two.
  const inRow = count <= 4 ? Math.max(2, count) : count % 3 === 0 || count === 5 ? 3 : 4
  const width = (WIDTH - (inRow - 1) * CARD_GAP) / inRow
  const rows: Content[] = []
  for (let first = 0; first < count; first += inRow) {
    const columns = Array.from({ length: inRow }, (_, at) => card(report.totals[first + at], colors, width))
    rows.push({ columns, columnGap: CARD_GAP, unbreakable: true, margin: [0, first === 0 ? 20 : 16, 0, 0] })
  }
  return rows
}

type Series = { key: 'impressions' | 'reach'; label: string; color: string }

function bar(value: number, max: number, color: string): Content {
  // A value above nothing always shows, however small beside the largest.
  const length = value <= 0 || max <= 0 ? 0 : Math.max(1.5, (value / max) * BAR_WIDTH_MAX)
  const shapes = length === 0 ? [] : [{ type: 'rect' as const, x: 0, y: 2, w: length, h: BAR_HEIGHT, color }]
  return {
    columns: [
      { canvas: [{ type: 'rect', x: 0, y: 2, w: 0.5, h: BAR_HEIGHT, color: RULE }, ...shapes], width: Math.max(length, 1) + 6 },
      { text: figure(value), width: BAR_FIGURE_WIDTH, fontSize: 9, color: QUIET, noWrap: true, margin: [0, 0.5, 0, 0] },
    ],
    margin: [0, 0, 0, 1],
  }
}

function chart(platforms: readonly PlatformFigures[], colors: Palette): Content[] {
  const series: Series[] = [
    { key: 'impressions' as const, label: 'Impressions', color: colors.strong },
    { key: 'reach' as const, label: 'Reach', color: colors.soft },
  ].filter(({ key }) => platforms.some((row) => row[key] !== undefined))
  const max = Math.max(0, ...platforms.flatMap((row) => series.map(({ key }) => row[key] ?? 0)))
  if (series.length === 0 || max === 0) return []

  const legend: Content = {
    columns: series.flatMap(({ label, color }): Content[] => [
      { canvas: [{ type: 'rect', x: 0, y: 1.5, w: 9, h: 9, color }], width: 13 },
      { text: label, width: 'auto', fontSize: 9, color: QUIET, margin: [0, 0, 16, 0] },
    ]),
    margin: [0, 0, 0, 8],
  }
  const bars = platforms
    .filter((row) => series.some(({ key }) => row[key] !== undefined))
    .map((row): Content => ({
      columns: [
        { text: printable(row.platform), width: BAR_LABEL_WIDTH, fontSize: 9.5, color: INK },
        { stack: series.filter(({ key }) => row[key] !== undefined).map(({ key, color }) => bar(row[key] ?? 0, max, color)) },
      ],
      unbreakable: true,
      margin: [0, 0, 0, 7],
    }))
  const title = series.map(({ label }, at) => (at === 0 ? label : label.toLowerCase())).join(' and ')
  const parts = [heading(`${title} by platform`), legend, ...bars]
  return platforms.length <= ROWS_KEPT_TOGETHER_MAX ? [{ stack: parts, unbreakable: true }] : parts
}

const COLUMNS = [
  ['followers', 'Followers'],
  ['posts', 'Posts'],
  ['impressions', 'Impressions'],
  ['reach', 'Reach'],
  ['likes', 'Likes'],
  ['comments', 'Comments'],
  ['shares', 'Shares'],
] as const

const tableLayout: TableLayout = {
  hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0 : line === 1 ? 1 : 0.5),
  vLineWidth: () => 0,
  hLineColor: (line) => (line === 1 ? QUIET : RULE),
  paddingLeft: (column) => (column === 0 ? 0 : 6),
  paddingRight: (column, node) => (column === node.table.widths.length - 1 ? 0 : 6),
  paddingTop: () => 5,
  paddingBottom: () => 5,
}

function table(platforms: readonly PlatformFigures[]): Content[] {
  const columns = COLUMNS.filter(([key]) => platforms.some((row) => row[key] !== undefined))
  if (platforms.length === 0 || columns.length === 0) return []
  const parts: Content[] = [
    heading('Every platform'),
    {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        keepWithHeaderRows: 1,
        widths: ['*', ...columns.map(() => 'auto' as const)],
        body: [
          [
            { text: 'Platform', fontSize: 9, bold: true, color: QUIET },
            ...columns.map(([, label]): Content => ({
              text: label,
              fontSize: 9,
              bold: true,
              color: QUIET,
              alignment: 'right',
              noWrap: true,
            })),
          ],
          ...platforms.map((row) => [
            { text: printable(row.platform), bold: true },
            ...columns.map(([key]): Content => ({
              text: figure(row[key]),
              alignment: 'right',
              noWrap: true,
              ...(row[key] === undefined ? { color: QUIET } : {}),
            })),
          ]),
        ],
      },
      layout: tableLayout,
    },
  ]
  if (platforms.some((row) => columns.some(([key]) => row[key] === undefined)))
    parts.push({ text: '– means that the platform does not give this figure.', fontSize: 8.5, color: QUIET, margin: [0, 6, 0, 0] })
  return platforms.length <= ROWS_KEPT_TOGETHER_MAX ? [{ stack: parts, unbreakable: true }] : parts
}

function notes(report: SocialReport, colors: Palette): Content[] {
  if (report.notes.length === 0) return []
  const list = report.notes.map((note): Content => ({ text: printable(note), margin: [0, 0, 0, 3] }))
  const panel: Content = {
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              { text: 'About these figures', fontSize: 10, bold: true, color: INK, margin: [0, 0, 0, 6] },
              { ul: list, fontSize: 9, lineHeight: 1.2, color: INK, markerColor: QUIET },
            ],
            fillColor: colors.wash,
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: () => 0,
      paddingLeft: () => 14,
      paddingRight: () => 14,
      paddingTop: () => 12,
      paddingBottom: () => 10,
    },
    unbreakable: true,
    margin: [0, 24, 0, 0],
  }
  return [panel]
}

/** The whole document. Same report and brand, same definition: nothing in it depends on the time or the machine. */
export function reportDocument(report: SocialReport, brand: Brand): DocumentDefinition {
  const colors = palette(brand.color)
  const madeAt = readDay(report.to)
  const title = `${titleOf(report)} – ${printable(report.location)}`
  const footerText = [brand.name, report.location, period(report.from, report.to)]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => printable(part ?? ''))
  return {
    pageSize: 'A4',
    pageMargins: [MARGIN, 56, MARGIN, 64],
    version: '1.7',
    language: 'en-GB',
    displayTitle: true,
    info: {
      title,
      subject: `Social media figures, ${period(report.from, report.to)}`,
      creator: 'Couplet',
      producer: 'Couplet',
      creationDate: madeAt,
      modDate: madeAt,
      ...(brand.name ? { author: printable(brand.name) } : {}),
    },
    defaultStyle: { font: 'Roboto', fontSize: 10, color: INK, lineHeight: 1.1 },
    background: (page) => ({
      canvas: [{ type: 'rect', x: 0, y: 0, w: PAGE_WIDTH, h: page === 1 ? bandHeight(report) : 8, color: colors.band }],
    }),
    header: (page) => (page === 1 ? '' : { text: title, fontSize: 8.5, color: QUIET, margin: [MARGIN, 26, MARGIN, 0] }),
    footer: (page, pageCount) => ({
      columns: [
        { text: footerText.join('  ·  '), fontSize: 8, color: QUIET },
        { text: `Page ${page} of ${pageCount}`, width: 80, fontSize: 8, color: QUIET, alignment: 'right' },
      ],
      margin: [MARGIN, 24, MARGIN, 0],
    }),
    content: [
      cover(report, brand, colors),
      { text: printable(report.summary), fontSize: 13, lineHeight: 1.3, margin: [0, bandHeight(report) - 56 + 24, 0, 0] },
      ...totals(report, colors),
      ...chart(report.platforms, colors),
      ...table(report.platforms),
      ...notes(report, colors),
    ],
  }
}
