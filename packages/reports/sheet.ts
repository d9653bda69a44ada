import type PDFDocument from 'pdfkit'
import type { Structure, StructureType } from 'pdfkit'
import { INK, type Palette } from './palette.ts'

/* The page: A4, one column between margins of 48 points, everything on a grid of 4. */

export const PAGE_WIDTH = 595.28
const PAGE_HEIGHT = 841.89
export const MARGIN = 48
export const WIDTH = PAGE_WIDTH - 2 * MARGIN
const TOP = 64
export const BOTTOM = PAGE_HEIGHT - 64

/** Figures stand beneath one another: digits of one width, and no comma slips under the digit before it. */
export const FIGURES = { tnum: true, kern: false }
const IS_FIGURE = /^[+−]?[\d,.]+(?:[k×]| %)?$/

/** Between one section and the next. */
export const SECTION_GAP = 24

type Look = {
  size?: number
  color?: string
  isStrong?: boolean
  width?: number
  align?: 'left' | 'right' | 'center'
  lineGap?: number
  spacing?: number
  /** One line; what does not fit ends in dots. */
  isOneLine?: boolean
}

/** A document under way: where the next thing goes, and the structure a reader for the blind follows. */
export type Sheet = {
  doc: PDFDocument
  colors: Palette
  root: Structure
  y: number
  /** Begins a new page unless so much still fits on this one. Answers whether it did. */
  keep(height: number): boolean
  /** Draws what means nothing when read aloud: rules, bars, backgrounds. */
  artifact(draw: () => void): void
  /** Writes text as part of the structure. */
  write(parent: Structure, type: StructureType, text: string, at: { x: number; y: number }, look?: Look): void
  heightOf(text: string, look: Look): number
  widthOf(text: string, look: Look): number
  heading(text: string, height: number): Structure
}

const REGULAR = 'regular'
const STRONG = 'strong'

export function openSheet(doc: PDFDocument, colors: Palette, fonts: { regular: Buffer; strong: Buffer }): Sheet {
  doc.registerFont(REGULAR, fonts.regular)
  doc.registerFont(STRONG, fonts.strong)
  const root = doc.struct('Document')
  doc.addStructure(root)
  doc.addPage()
  const dress = ({ size = 10, color = INK, isStrong = false }: Look) =>
    doc
      .font(isStrong ? STRONG : REGULAR)
      .fontSize(size)
      .fillColor(color)
  const options = ({ width, align, lineGap, spacing, isOneLine }: Look) => ({
    ...(width === undefined ? {} : { width }),
    ...(align === undefined ? {} : { align }),
    ...(lineGap === undefined ? {} : { lineGap }),
    ...(spacing === undefined ? {} : { characterSpacing: spacing }),
    ...(isOneLine === true ? { lineBreak: false, ellipsis: true, height: 1 } : {}),
  })
  const sheet: Sheet = {
    doc,
    colors,
    root,
    y: TOP,
    keep: (height) => {
      if (sheet.y + height <= BOTTOM) return false
      doc.addPage()
      sheet.y = TOP
      return true
    },
    artifact: (draw) => {
      doc.markContent('Artifact', { type: 'Layout' })
      draw()
      doc.endMarkedContent()
    },
    write: (parent, type, text, at, look = {}) => {
      parent.add(
        doc.struct(type, () => {
          dress(look)
          doc.text(look.isOneLine === true && look.width !== undefined ? cut(doc, text, look.width) : text, at.x, at.y, {
            ...options({ ...look, isOneLine: false }),
            ...featuresOf(text),
          })
        }),
      )
    },
    heightOf: (text, look) => {
      dress(look)
      return doc.heightOfString(text, options(look))
    },
    widthOf: (text, look) => {
      dress(look)
      return widthOf(doc, text)
    },
    heading: (text, height) => {
      sheet.y += SECTION_GAP
      sheet.keep(24 + height)
      const section = doc.struct('Sect')
      root.add(section)
      sheet.write(section, 'H2', text, { x: MARGIN, y: sheet.y }, { size: 14, isStrong: true })
      sheet.y += 26
      return section
    },
  }
  return sheet
}

const featuresOf = (text: string) => (IS_FIGURE.test(text) ? { features: FIGURES } : {})
const widthOf = (doc: PDFDocument, text: string): number => doc.widthOfString(text, featuresOf(text))

/** As much as fits into the width, with dots for the rest. */
function cut(doc: PDFDocument, text: string, width: number): string {
  if (widthOf(doc, text) <= width) return text
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (doc.widthOfString(`${text.slice(0, middle).trimEnd()}…`) <= width) low = middle
    else high = middle - 1
  }
  return `${text.slice(0, low).trimEnd()}…`
}
