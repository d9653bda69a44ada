import { isJsonObject, type Json } from '@couplet/core'

/** One thing that changed at a simulated vendor, found by comparing its whole state before and after. */
export type VendorChange = {
  vendor: string
  what: string
  record: string
  change: 'created' | 'changed' | 'removed'
  members: { member: string; before?: Json; after?: Json }[]
}

export type VendorStates = Record<string, Record<string, unknown>>

/** Bookkeeping of the simulators that is no data of the vendor's. */
const NOT_DATA = new Set([
  'rateCounters',
  'deliveries',
  'pendingDeliveries',
  'heldDeliveries',
  'sequence',
  'tokens',
  'leadDeliveries',
  'tagNames',
  'mediaContents',
  'webhookKeys',
])
const TEXT_MAX = 300

/** What differs between two states, record by record. */
export function vendorChanges(before: VendorStates, after: VendorStates): VendorChange[] {
  return Object.entries(after).flatMap(([vendor, state]) =>
    Object.entries(state).flatMap(([collection, rows]) =>
      NOT_DATA.has(collection) || !Array.isArray(rows) ? [] : collectionChanges(vendor, collection, before[vendor]?.[collection], rows),
    ),
  )
}

function collectionChanges(vendor: string, what: string, beforeRows: unknown, afterRows: unknown[]): VendorChange[] {
  const before = byId(Array.isArray(beforeRows) ? beforeRows : [])
  const after = byId(afterRows)
  const changes: VendorChange[] = []
  for (const [record, row] of after) {
    const old = before.get(record)
    if (!old) changes.push({ vendor, what, record, change: 'created', members: membersOf({}, row) })
    else {
      const members = membersOf(old, row)
      if (members.length > 0) changes.push({ vendor, what, record, change: 'changed', members })
    }
  }
  for (const record of before.keys()) if (!after.has(record)) changes.push({ vendor, what, record, change: 'removed', members: [] })
  return changes
}

const byId = (rows: readonly unknown[]): Map<string, Record<string, unknown>> =>
  new Map(
    rows.flatMap((row) => {
      if (!isJsonObject(row)) return []
      const id = row['id'] ?? row['_id']
      return typeof id === 'string' ? [[id, row] as const] : []
    }),
  )

function membersOf(before: Record<string, unknown>, after: Record<string, unknown>): VendorChange['members'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((member) => {
    const was = JSON.stringify(before[member])
    const is = JSON.stringify(after[member])
    if (was === is || /^(updatedAt|dateUpdated|settlesAt|visibleAt)$/.test(member)) return []
    const inner =
      isJsonObject(before[member]) && isJsonObject(after[member])
        ? membersOf(before[member], after[member]).map((found) => ({ ...found, member: `${member}.${found.member}` }))
        : undefined
    return (
      inner ?? [
        {
          member,
          ...(was === undefined ? {} : { before: shown(before[member]) }),
          ...(is === undefined ? {} : { after: shown(after[member]) }),
        },
      ]
    )
  })
}

function shown(value: unknown): Json {
  const text = JSON.stringify(value)
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : (JSON.parse(text) as Json)
}
