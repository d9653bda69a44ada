import type { ServedRow } from './facts.ts'
import { servedRows } from './load.ts'

export type Match = { row: ServedRow; params: Record<string, string> }

const segmentsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')
const valueName = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1]

let byShape: Map<string, { row: ServedRow; segments: string[] }[]> | undefined

/** Rows by method and number of parts, those with more words in their path first: `/locations/search` is no location. */
function candidates(method: string, count: number): readonly { row: ServedRow; segments: string[] }[] {
  if (!byShape) {
    byShape = new Map()
    for (const row of servedRows()) {
      const segments = segmentsOf(row.path)
      const key = `${row.method} ${segments.length}`
      byShape.set(key, [...(byShape.get(key) ?? []), { row, segments }])
    }
    const words = (segments: readonly string[]): number => segments.filter((part) => valueName(part) === undefined).length
    for (const found of byShape.values()) found.sort((a, b) => words(b.segments) - words(a.segments))
  }
  return byShape.get(`${method} ${count}`) ?? []
}

/** The operation a request means, with the values of its path; `undefined` when the vendor publishes none. */
export function matchServed(method: string, path: string): Match | undefined {
  const asked = segmentsOf(path)
  const found = candidates(method, asked.length).find(({ segments }) =>
    segments.every((part, index) => valueName(part) !== undefined || part === asked[index]),
  )
  if (!found) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of found.segments.entries()) {
    const name = valueName(part)
    if (name !== undefined) params[name] = decodeURIComponent(asked[index] ?? '')
  }
  return { row: found.row, params }
}
