import type { Highlevel } from '../context.ts'
import { inLocation } from '../lookup.ts'
import { loadServed, type Served, servedRows } from './load.ts'
import { recordsAt } from './records.ts'

/**
 * Makes the sample records of every collection of a sub-account, as if someone had looked at each, those of the first record where they belong to one.
 * Answers how many records there are then.
 */
export function fillCatalogue(context: Highlevel, locationId: string): number {
  for (const row of servedRows()) {
    const served = loadServed(row)
    const { operation } = served
    if (operation.isGiven || operation.does === 'do') continue
    const owners = Object.fromEntries(
      Object.entries(operation.owners).map(([name, collection]) => [name, firstIdOf(context, served, collection, locationId)]),
    )
    recordsAt(context, { collection: operation.collection, locationId, owners }, served)
  }
  return inLocation(context.state.records, locationId).length
}

function firstIdOf(context: Highlevel, served: Served, collection: string, locationId: string): string {
  if (collection === 'contacts') return inLocation(context.state.contacts, locationId)[0]?.id ?? ''
  return recordsAt(context, { collection, locationId, owners: {} }, served)[0]?.id ?? ''
}
