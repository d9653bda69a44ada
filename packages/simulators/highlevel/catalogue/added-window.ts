import { type Highlevel, isIndexed } from '../context.ts'
import type { CatalogueRecord } from '../state.ts'

/** Searches that take `date` and `endDate` (`mm-dd-yyyy`, CONFIRMED) and `order` (`added_asc`, CONFIRMED; `added_desc`, ASSUMED). */
const DATED_SEARCHES: ReadonlySet<string> = new Set(['opportunities.search-opportunity'])
const DAY_MS = 86_400_000

/** Midnight UTC of a day as the search is asked for it; that the days are UTC is ASSUMED. */
function dayOf(asked: unknown): number | undefined {
  const [, month = '', day = '', year = ''] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(typeof asked === 'string' ? asked : '') ?? []
  return year === '' ? undefined : Date.parse(`${year}-${month}-${day}T00:00:00.000Z`)
}

/** The records that were added in the days a search asks for, in its order; records of other operations as they are. Oldest first is usual. */
export function addedWithin(
  context: Highlevel,
  operationId: string,
  records: readonly CatalogueRecord[],
  wanted: Readonly<Record<string, unknown>>,
): readonly CatalogueRecord[] {
  if (!DATED_SEARCHES.has(operationId)) return records
  const from = dayOf(wanted['date']) ?? -Infinity
  const to = (dayOf(wanted['endDate']) ?? Infinity) + DAY_MS
  const found = records.filter(({ createdAt }) => {
    const at = Date.parse(createdAt)
    return at >= from && at < to && isIndexed(context, createdAt)
  })
  return wanted['order'] === 'added_desc' ? found.toReversed() : found
}
