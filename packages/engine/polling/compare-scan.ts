import type { Json } from '@couplet/core'
import type { KnownItem } from '@couplet/store'

export type ScannedItem = { id: string; item: unknown; hash: string; isRemoved: boolean }
export type ScanChange = { change: 'created' | 'changed' | 'removed'; item: unknown; previous: unknown; hash: string; revision: number }

/** Complete scans in a row an item must be missing from before it counts as removed: a list that shifts while it is paged can drop one. */
const MISSING_SCANS = 2

/**
 * Compares one complete scan with what is known. Pure. Answers the changes, and the items whose stored state must change.
 * An item that comes back after its removal is created again, under a new revision.
 *
 * A baseline says what there is to begin with, so each item is created and none is removed: what was known answered another question. Its
 * revisions go on counting, because the keys of facts that were seen under them stay for ever.
 */
export function compareScan(input: { known: ReadonlyMap<string, KnownItem>; items: readonly ScannedItem[]; isBaseline?: boolean }): {
  changes: ScanChange[]
  items: KnownItem[]
} {
  const changes: ScanChange[] = []
  const items: KnownItem[] = []
  const seen = new Set<string>()

  for (const scanned of input.items) {
    // Pages can overlap while the list shifts: the first sight of an item counts.
    if (seen.has(scanned.id)) continue
    seen.add(scanned.id)
    const known = input.known.get(scanned.id)
    const change = changeOf(input.isBaseline ? undefined : known, scanned)
    const revision = (known?.revision ?? 0) + (change && known ? 1 : 0)
    if (change) changes.push({ change, item: scanned.item, previous: known?.item, hash: scanned.hash, revision })
    if (change || !known || known.missing > 0 || known.hash !== scanned.hash)
      items.push({ itemId: scanned.id, hash: scanned.hash, item: scanned.item as Json, revision, missing: 0, isRemoved: scanned.isRemoved })
  }

  for (const known of input.known.values()) {
    if (seen.has(known.itemId) || known.isRemoved) continue
    if (input.isBaseline) {
      items.push({ ...known, missing: 0, isRemoved: true, revision: known.revision + 1 })
      continue
    }
    const missing = known.missing + 1
    const isRemoved = missing >= MISSING_SCANS
    const revision = known.revision + (isRemoved ? 1 : 0)
    if (isRemoved) changes.push({ change: 'removed', item: known.item, previous: known.item, hash: known.hash, revision })
    items.push({ ...known, missing, isRemoved, revision })
  }
  return { changes, items }
}

function changeOf(known: KnownItem | undefined, scanned: ScannedItem): ScanChange['change'] | undefined {
  if (scanned.isRemoved) return known && !known.isRemoved ? 'removed' : undefined
  if (!known || known.isRemoved) return 'created'
  return known.hash === scanned.hash ? undefined : 'changed'
}
