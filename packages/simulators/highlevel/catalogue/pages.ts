import type { CatalogueRecord } from '../state.ts'

export type Page = {
  records: readonly CatalogueRecord[]
  /** Of all pages. */
  total: number
  hasMore: boolean
  /** Members of the answer that the next page is asked with, by their paths; on the last page they are not there. */
  marks: Readonly<Record<string, unknown>>
}

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 500

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? Math.floor(number) : undefined
}

const idIn = (mark: unknown): string | undefined =>
  Array.isArray(mark) ? String(mark.at(-1)) : typeof mark === 'string' ? mark : undefined

/** The part of the records a request asks for, in the style its operation pages. `asked`: query and body together. */
export function pageOfRecords(all: readonly CatalogueRecord[], paging: string | undefined, asked: Readonly<Record<string, unknown>>): Page {
  if (paging === undefined || paging === 'single') return { records: all, total: all.length, hasMore: false, marks: {} }
  const limit = Math.min(Math.max(1, numberOf(asked['limit'] ?? asked['pageLimit'] ?? asked['pageSize']) ?? LIMIT_DEFAULT), LIMIT_MAX)
  const start = startOf(all, asked, limit)
  const records = all.slice(start, start + limit)
  const hasMore = start + records.length < all.length
  return { records, total: all.length, hasMore, marks: marksOf(paging, records.at(-1), hasMore) }
}

function startOf(all: readonly CatalogueRecord[], asked: Readonly<Record<string, unknown>>, limit: number): number {
  const mark =
    idIn(asked['searchAfter']) ??
    idIn(asked['startAfterId']) ??
    idIn(asked['lastMessageId']) ??
    idIn(asked['cursor']) ??
    idIn(asked['pageToken'])
  if (mark !== undefined) return all.findIndex(({ id }) => id === mark) + 1
  const date = numberOf(asked['startAfterDate'])
  if (date !== undefined) return all.findIndex(({ createdAt }) => Date.parse(createdAt) === date) + 1
  const skip = numberOf(asked['skip'] ?? asked['offset'])
  return skip ?? (Math.max(1, numberOf(asked['page']) ?? 1) - 1) * limit
}

function marksOf(paging: string, last: CatalogueRecord | undefined, hasMore: boolean): Record<string, unknown> {
  const id = hasMore ? last?.id : undefined
  switch (paging) {
    case 'start-after':
      return { 'meta.startAfter': id === undefined ? undefined : Date.parse(last?.createdAt ?? ''), 'meta.startAfterId': id }
    case 'last-message-id':
      return { 'messages.lastMessageId': last?.id ?? '', 'messages.nextPage': hasMore }
    case 'cursor':
      return { nextCursor: id }
    case 'page-token':
      return { nextPageToken: id }
    default:
      return {}
  }
}
