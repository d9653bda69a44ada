import { inflateSync } from 'node:zlib'
import { A4_ASPECT_RATIO } from './state.ts'

const INFLATED_BYTES_MAX = 20_000_000
/** The head of a compressed object stream. Bounded, so that no file can make the search long. */
const OBJECT_STREAM = /<<(?:[^<>]|<<[^<>]{0,500}>>){0,1000}\/ObjStm(?:[^<>]|<<[^<>]{0,500}>>){0,1000}>>\s{0,4}stream\r?\n/g

/** The text of compressed object streams, where modern writers hide their page objects. Broken ones count as empty. */
function objectStreams(text: string): string {
  let inflated = ''
  for (const match of text.matchAll(OBJECT_STREAM)) {
    const from = match.index + match[0].length
    const to = text.indexOf('endstream', from)
    if (to < 0 || inflated.length > INFLATED_BYTES_MAX) break
    try {
      inflated += inflateSync(Buffer.from(text.slice(from, to), 'latin1'), { maxOutputLength: INFLATED_BYTES_MAX }).toString('latin1')
    } catch {
      continue
    }
  }
  return inflated
}

/**
 * Number of pages and width/height of the first page box. Counts page objects, plain or in object streams; else takes the
 * largest `/Count`; else 1. Never throws.
 */
export function readPdf(bytes: Uint8Array): { pages: number; aspectRatio: number } {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const text = raw + objectStreams(raw)
  const objects = [...text.matchAll(/\/Type\s*\/Page(?![A-Za-z])/g)].length
  const counts = [...text.matchAll(/\/Count\s+(\d+)/g)].map((match) => Number(match[1]))
  const box = /\/MediaBox\s*\[\s*([\d.+-]+)\s+([\d.+-]+)\s+([\d.+-]+)\s+([\d.+-]+)\s*\]/.exec(text)?.slice(1).map(Number)
  const [left = 0, bottom = 0, right = 595, top = 842] = box ?? []
  const ratio = (right - left) / (top - bottom)
  return {
    pages: objects || Math.max(0, ...counts) || 1,
    aspectRatio: Number.isFinite(ratio) && ratio > 0 ? Math.round(ratio * 10_000) / 10_000 : A4_ASPECT_RATIO,
  }
}

const escapeText = (text: string): string => text.replaceAll(/[^\u0020-\u007E]/g, '?').replaceAll(/[\\()]/g, String.raw`\$&`)

/** A small valid A4 document with the title on every page: the stored file of a sample flipbook. */
export function samplePdf(title: string, pages: number): Uint8Array {
  const pageIds = Array.from({ length: pages }, (_, index) => 4 + index * 2)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pages} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pageIds.flatMap((id, index) => {
      const content = `BT /F1 26 Tf 60 720 Td (${escapeText(title)}) Tj /F1 14 Tf 0 -36 Td (Page ${index + 1} of ${pages}) Tj ET`
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${id + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return new TextEncoder().encode(text)
}
