/** The part of pdfmake 0.3 that the reports use; the package brings no types of its own. */
declare module 'pdfmake' {
  export type Margin = number | readonly [number, number] | readonly [number, number, number, number]
  export type Shape =
    | { type: 'rect'; x: number; y: number; w: number; h: number; r?: number; color?: string }
    | { type: 'line'; x1: number; y1: number; x2: number; y2: number; lineWidth?: number; lineColor?: string }

  type Look = {
    fontSize?: number
    bold?: boolean
    color?: string
    lineHeight?: number
    characterSpacing?: number
    alignment?: 'left' | 'right' | 'center'
    margin?: Margin
    width?: number | 'auto' | '*'
    noWrap?: boolean
    unbreakable?: boolean
    absolutePosition?: { x: number; y: number }
    fillColor?: string
  }
  export type TableLayout = {
    hLineWidth?(line: number, node: { table: { body: unknown[] } }): number
    vLineWidth?(): number
    hLineColor?(line: number): string
    paddingLeft?(column: number): number
    paddingRight?(column: number, node: { table: { widths: unknown[] } }): number
    paddingTop?(): number
    paddingBottom?(): number
  }
  export type Content =
    | string
    | readonly Content[]
    | (Look & { text: string | readonly Content[] })
    | (Look & { stack: readonly Content[] })
    | (Look & { columns: readonly Content[]; columnGap?: number })
    | (Look & { canvas: readonly Shape[] })
    | (Look & { ul: readonly Content[]; markerColor?: string })
    | (Look & {
        table: {
          headerRows?: number
          dontBreakRows?: boolean
          keepWithHeaderRows?: number
          widths: readonly (number | 'auto' | '*')[]
          body: readonly (readonly Content[])[]
        }
        layout?: TableLayout
      })

  export type DocumentDefinition = {
    pageSize: 'A4'
    pageMargins: readonly [number, number, number, number]
    version?: '1.7'
    language?: string
    displayTitle?: boolean
    info: { title: string; author?: string; subject?: string; creator?: string; producer?: string; creationDate: Date; modDate?: Date }
    defaultStyle: Look & { font: string }
    background?(page: number): Content
    header?(page: number, pageCount: number): Content
    footer?(page: number, pageCount: number): Content
    content: Content
  }

  type FontFiles = { normal: string; bold: string; italics: string; bolditalics: string }
  const pdfmake: {
    setFonts(fonts: Record<string, FontFiles>): void
    setUrlAccessPolicy(isAllowed: (url: string) => boolean): void
    setLocalAccessPolicy(isAllowed: (path: string) => boolean): void
    createPdf(document: DocumentDefinition): { getBuffer(): Promise<Buffer> }
  }
  // oxlint-disable-next-line import/no-default-export -- it describes a CommonJS package
  export default pdfmake
}
