/** The part of pdfkit 0.19 that the reports use; the package brings no types of its own. */
declare module 'pdfkit' {
  type TextOptions = {
    width?: number
    height?: number
    align?: 'left' | 'right' | 'center'
    lineBreak?: boolean
    lineGap?: number
    characterSpacing?: number
    ellipsis?: boolean | string
    indent?: number
    /** Of the typeface, by their OpenType names: on or off. */
    features?: Readonly<Record<string, boolean>>
  }
  /** A node of the document's structure, which readers for the blind follow. A function draws its content at once. */
  export type Structure = { add(child: Structure | (() => void)): Structure; end(): Structure }
  export type StructureType = 'Document' | 'Sect' | 'H1' | 'H2' | 'P' | 'Figure' | 'Table' | 'TR' | 'TH' | 'TD' | 'L' | 'LI' | 'LBody'

  export default class PDFDocument {
    constructor(options: {
      size: 'A4'
      margin: number
      pdfVersion: '1.7'
      tagged: boolean
      lang: string
      displayTitle: boolean
      bufferPages: boolean
      autoFirstPage: boolean
      info: Record<string, string | Date>
    })
    x: number
    y: number
    addPage(): this
    bufferedPageRange(): { start: number; count: number }
    switchToPage(page: number): this
    registerFont(name: string, bytes: Buffer): this
    font(name: string): this
    fontSize(size: number): this
    fillColor(color: string): this
    strokeColor(color: string): this
    lineWidth(width: number): this
    lineCap(cap: 'round' | 'butt'): this
    lineJoin(join: 'round' | 'miter'): this
    dash(length: number, options: { space: number }): this
    undash(): this
    rect(x: number, y: number, width: number, height: number): this
    roundedRect(x: number, y: number, width: number, height: number, radius: number): this
    circle(x: number, y: number, radius: number): this
    moveTo(x: number, y: number): this
    lineTo(x: number, y: number): this
    fill(color?: string): this
    stroke(color?: string): this
    image(bytes: Buffer, x: number, y: number, options: { fit: [number, number]; align?: 'left'; valign?: 'center' }): this
    text(text: string, x: number, y: number, options?: TextOptions): this
    widthOfString(text: string, options?: TextOptions): number
    heightOfString(text: string, options?: TextOptions): number
    struct(type: StructureType, options: { alt?: string; title?: string }, draw?: () => void): Structure
    struct(type: StructureType, draw?: () => void): Structure
    addStructure(structure: Structure): this
    markContent(tag: 'Artifact', options?: { type: 'Pagination' | 'Layout' }): this
    endMarkedContent(): this
    on(event: 'data', listener: (chunk: Buffer) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    end(): void
  }
}
