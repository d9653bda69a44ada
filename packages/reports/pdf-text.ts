import { inflateSync } from 'node:zlib'

/* Reads the words back out of a PDF as pdfkit writes it, so that tests see what a reader of the document sees. */

type PdfObject = { head: string; stream: string }

function objects(bytes: Uint8Array): Map<string, PdfObject> {
  const found = new Map<string, PdfObject>()
  for (const [, id = '', content = ''] of Buffer.from(bytes)
    .toString('latin1')
    .matchAll(/(\d+) 0 obj\n([^]*?)\nendobj/g)) {
    const [, head = content, packed] = /^([^]*?)stream\n([^]*?)\nendstream/.exec(content) ?? []
    const isPacked = packed !== undefined && head.includes('/FlateDecode') && !head.includes('/Length1')
    found.set(id, { head, stream: isPacked ? inflateSync(Buffer.from(packed, 'latin1')).toString('latin1') : '' })
  }
  return found
}

/** Glyph → text, from a font's ToUnicode table. */
function readTable(table: string): readonly string[] {
  const list = /beginbfrange[^[]*\[([^\]]*)\]/.exec(table)?.[1] ?? ''
  return [...list.matchAll(/<([^>]*)>/g)].map(([, codes = '']) =>
    codes
      .split(' ')
      .map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
      .join(''),
  )
}

/** The text of each page, in the order it was drawn. */
export function pdfText(bytes: Uint8Array): string[] {
  const all = objects(bytes)
  const reference = (head: string, name: string): PdfObject | undefined => all.get(new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1] ?? '')
  return [...all.values()]
    .filter(({ head }) => /\/Type \/Page\n/.test(head))
    .map((page) => {
      const resources = reference(page.head, 'Resources')?.head ?? ''
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [
          name,
          readTable(reference(all.get(id)?.head ?? '', 'ToUnicode')?.stream ?? ''),
        ]),
      )
      const drawn = reference(page.head, 'Contents')?.stream ?? ''
      return [...drawn.matchAll(/\/(F\d+) [\d.]+ Tf[^]*?\[([^\]]*)\] TJ/g)]
        .map(([, font = '', pieces = '']) =>
          [...pieces.matchAll(/<([^>]*)>/g)]
            .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
            .map((glyph) => fonts.get(font)?.[Number.parseInt(glyph, 16)] ?? '?')
            .join(''),
        )
        .join('')
    })
}
