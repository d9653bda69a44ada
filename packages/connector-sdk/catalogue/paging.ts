import type { CallFacts } from './call-facts.ts'
import { isObject } from './schema.ts'

/**
 * How a list goes on. Whether numbers travel as text follows from the type of the parameter, not from the style.
 * `single`: everything at once, or no documented way to the next page.
 */
export const PAGING_STYLES = [
  'single',
  'skip-limit',
  'offset-limit',
  'page-limit',
  'page-page-size',
  'page',
  'search-after',
  'start-after',
  'start-after-date',
  'last-message-id',
  'cursor',
  'page-token',
] as const
export type PagingStyle = (typeof PAGING_STYLES)[number]

/** Values of the next page that stand in for those of the form; `null` takes one out. Kept as JSON between pages. */
export type PageValues = Readonly<Record<string, unknown>>

type Page = {
  /** What this page was asked with, the form's own values among it. */
  asked: PageValues
  reply: unknown
  items: readonly unknown[]
  /** Items of the pages before. */
  seen: number
}

/** Members an answer says the number of all items with; some hold it as text, some in a list. */
const TOTALS = [
  'count',
  'total',
  'totalCount',
  'totalLinks',
  'meta.total',
  'meta.count',
  'pagination.total',
  'results.count',
  'results.total',
  'results.meta.total',
  'results.meta.count',
]

/** A member by its path: `results.tags`. */
export function memberAt(value: unknown, path: string): unknown {
  let current = value
  for (const name of path === '' ? [] : path.split('.'))
    current = isObject(current) && Object.hasOwn(current, name) ? current[name] : undefined
  return current
}

/** The number of all items as far as the answer says it. */
function totalOf(reply: unknown): number | undefined {
  for (const path of TOTALS) {
    const said = memberAt(reply, path)
    const value: unknown = Array.isArray(said) ? memberAt(said[0], 'total') : said
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
  }
  return undefined
}

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** What the first page is asked with, besides what the form says: the largest page that is surely allowed. */
export function firstPage(style: PagingStyle, fields: ReadonlySet<string>, size: number): PageValues {
  switch (style) {
    case 'single':
      return {}
    case 'skip-limit':
      return { skip: 0, limit: size }
    case 'offset-limit':
      return { offset: 0, limit: size }
    case 'page-limit':
      return { page: 1, limit: size }
    case 'page-page-size':
      return { page: 1, pageSize: size }
    case 'page':
      return { page: 1 }
    case 'search-after':
      return fields.has('pageLimit') || !fields.has('limit') ? { page: 1, pageLimit: size } : { page: 1, limit: size }
    case 'start-after':
    case 'start-after-date':
    case 'last-message-id':
    case 'cursor':
      return { limit: size }
    case 'page-token':
      return { pageSize: size }
    default:
      return style satisfies never
  }
}

/**
 * What the next page is asked with; `undefined` after the last. Counting styles go on while the vendor's total says there is more, or, without
 * one, while pages are full. The rest is where each style keeps its mark (contract, section 11).
 */
export function nextPage(style: PagingStyle, page: Page): PageValues | undefined {
  const { asked, reply, items } = page
  if (items.length === 0) return undefined
  const last = items.at(-1)
  switch (style) {
    case 'single':
      return undefined
    case 'skip-limit':
      return counted(page, 'limit') ? { skip: (numberOf(asked['skip']) ?? 0) + items.length } : undefined
    case 'offset-limit':
      return counted(page, 'limit') ? { offset: (numberOf(asked['offset']) ?? 0) + items.length } : undefined
    case 'page-limit':
      return counted(page, 'limit') ? { page: (numberOf(asked['page']) ?? 1) + 1 } : undefined
    case 'page-page-size':
      return counted(page, 'pageSize') ? { page: (numberOf(asked['page']) ?? 1) + 1 } : undefined
    case 'page':
      return counted(page, 'page') ? { page: (numberOf(asked['page']) ?? 1) + 1 } : undefined
    case 'search-after': {
      const after = memberAt(last, 'searchAfter') ?? memberAt(last, 'sort')
      return after === undefined || !counted(page, asked['pageLimit'] === undefined ? 'limit' : 'pageLimit')
        ? undefined
        : { searchAfter: after, page: null }
    }
    case 'start-after': {
      const startAfter = memberAt(reply, 'meta.startAfter')
      const startAfterId = memberAt(reply, 'meta.startAfterId')
      return isMark(startAfter) && isMark(startAfterId) ? { startAfter, startAfterId, page: null } : undefined
    }
    case 'start-after-date': {
      const sort = memberAt(last, 'sort')
      const after: unknown = Array.isArray(sort) ? sort[0] : memberAt(last, 'lastMessageDate')
      return isMark(after) && counted(page, 'limit') ? { startAfterDate: after } : undefined
    }
    case 'last-message-id': {
      const after = memberAt(reply, 'messages.lastMessageId') ?? memberAt(reply, 'lastMessageId')
      const isMore = memberAt(reply, 'messages.nextPage') ?? memberAt(reply, 'nextPage')
      return isMore === true && isMark(after) ? { lastMessageId: after } : undefined
    }
    case 'cursor': {
      const cursor = memberAt(reply, 'nextCursor')
      return isMark(cursor) ? { cursor } : undefined
    }
    case 'page-token': {
      const pageToken = memberAt(reply, 'nextPageToken') ?? memberAt(reply, 'meta.nextPageToken')
      return isMark(pageToken) ? { pageToken } : undefined
    }
    default:
      return style satisfies never
  }
}

const isMark = (value: unknown): boolean => (typeof value === 'string' && value !== '') || typeof value === 'number'

/** True when more pages are to come, as far as numbers tell. `size` names the value that says how long a page is. */
function counted({ asked, reply, items, seen }: Page, size: string): boolean {
  const total = totalOf(reply)
  if (total !== undefined) return seen + items.length < total
  const full = size === 'page' ? undefined : numberOf(asked[size])
  return full === undefined || items.length >= full
}

/** The values in the types the operation declares: HighLevel wants paging numbers as text in some places, and refuses numbers there (REPORTED). */
export function typedValues(
  facts: Pick<CallFacts, 'parameters'>,
  bodyMembers: Readonly<Record<string, unknown>>,
  values: PageValues,
): PageValues {
  const types = new Map<string, unknown>(Object.entries(bodyMembers).map(([name, schema]) => [name, memberAt(schema, 'type')]))
  for (const { name, schema } of facts.parameters) types.set(name, schema['type'])
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      types.get(name) === 'string' && typeof value === 'number' ? String(value) : value,
    ]),
  )
}
