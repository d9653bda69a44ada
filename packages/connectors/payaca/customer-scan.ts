import type { Http } from '@couplet/connector-sdk'
import { route } from './paths.ts'
import { readCustomer } from './read-customer.ts'
import type { CustomValue } from './schemas/custom-values.ts'
import { CustomerListAnswer, toCustomer } from './schemas/customer.ts'

/** What a scan keeps of a customer: the parts whose change matters. */
export type ScannedCustomer = { id: string; name: string; tags: string[]; customFields: Record<string, CustomValue> }
type Paths = { pathOverrides?: Record<string, string> | undefined }
type ScanPage = { items: ScannedCustomer[]; next?: string }

const PAGE_SIZE = 100
/** Customers read one by one in a page: each is a call of its own. */
const CHOSEN_PAGE_SIZE = 20

const scanned = (customer: ScannedCustomer): ScannedCustomer => ({
  id: customer.id,
  name: customer.name,
  tags: customer.tags,
  customFields: customer.customFields,
})

const isGone = (thrown: unknown): boolean => thrown instanceof Error && 'kind' in thrown && thrown.kind === 'not-found'

/** One customer, or nothing when Payaca no longer knows it: a scan must not stop at a customer that was removed. */
async function readIfThere(http: Http, connection: Paths, id: string): Promise<ScannedCustomer[]> {
  try {
    return [scanned(await readCustomer(http, connection, id))]
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

async function readAll(http: Http, connection: Paths, ids: readonly string[]): Promise<ScannedCustomer[]> {
  const items: ScannedCustomer[] = []
  for (const id of ids) items.push(...(await readIfThere(http, connection, id)))
  return items
}

/** A page of chosen customers; the cursor is the position of the next one. */
export async function chosenPage(http: Http, connection: Paths, ids: readonly string[], cursor: string | undefined): Promise<ScanPage> {
  const from = Number(cursor ?? 0)
  const next = from + CHOSEN_PAGE_SIZE
  const items = await readAll(http, connection, ids.slice(from, next))
  return next < ids.length ? { items, next: String(next) } : { items }
}

/**
 * A page of all customers. Whether the list carries tags and custom fields is ASSUMED: customers that come without both are read one by one.
 * The cursor holds the offset and the first id of the page before, so that a server that ignores the paging (ASSUMED too) ends the scan.
 */
export async function listPage(http: Http, connection: Paths, cursor: string | undefined): Promise<ScanPage> {
  const at = cursor?.indexOf(':') ?? -1
  const offset = at < 0 ? 0 : Number(cursor?.slice(0, at))
  const firstBefore = at < 0 ? undefined : cursor?.slice(at + 1)
  const replies = await http({ ...route('customer.list', connection), query: { offset, limit: PAGE_SIZE }, reply: CustomerListAnswer })
  const first = replies[0]?.id
  if (first === undefined || first === firstBefore) return { items: [] }
  const items: ScannedCustomer[] = []
  for (const reply of replies) {
    const isShort = reply.tags === undefined && reply.customFields === undefined
    items.push(...(isShort ? await readIfThere(http, connection, reply.id) : [scanned(toCustomer(reply))]))
  }
  return replies.length === PAGE_SIZE ? { items, next: `${offset + PAGE_SIZE}:${first}` } : { items }
}
