import { isJsonObject, parseJson } from '@couplet/core'

export type FilterSearch = {
  flow?: string | undefined
  state?: string | undefined
  search?: string | undefined
  connection?: string | undefined
  env?: 'sandbox' | 'live' | undefined
  view?: 'needs' | undefined
}
export type SavedFilter = { name: string; search: FilterSearch }

const KEY = 'couplet.run-filters'
const FILTERS_MAX = 30
const TEXTS = ['flow', 'state', 'search', 'connection'] as const

/** The filters kept in this browser. What cannot be read is left out: it may be from another release. */
export function readFilters(): SavedFilter[] {
  const kept = parseJson(localStorage.getItem(KEY) ?? '[]')
  if (!Array.isArray(kept)) return []
  return kept.flatMap((entry: unknown) => {
    if (!isJsonObject(entry) || typeof entry['name'] !== 'string' || !isJsonObject(entry['search'])) return []
    const { search } = entry
    const filter: FilterSearch = {}
    for (const name of TEXTS) if (typeof search[name] === 'string') filter[name] = search[name]
    if (search['env'] === 'sandbox' || search['env'] === 'live') filter.env = search['env']
    if (search['view'] === 'needs') filter.view = 'needs'
    return [{ name: entry['name'], search: filter }]
  })
}

export const writeFilters = (filters: readonly SavedFilter[]): void =>
  localStorage.setItem(KEY, JSON.stringify(filters.slice(-FILTERS_MAX)))
