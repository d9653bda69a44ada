import type { Highlevel } from '../context.ts'
import type { CatalogueRecord } from '../state.ts'
import { emit } from '../webhooks/emit.ts'
import { EVENTS, sampleBody } from '../webhooks/samples.ts'

/** What the events about a collection's records begin with. */
const STEMS: Readonly<Record<string, string>> = {
  associations: 'Association',
  'associations/relations': 'Relation',
  'calendars/events': 'Appointment',
  'contacts/notes': 'Note',
  'contacts/tasks': 'Task',
  invoices: 'Invoice',
  objects: 'ObjectSchema',
  'objects/records': 'Record',
  opportunities: 'Opportunity',
  products: 'Product',
  'products/price': 'Price',
}

/** Collections whose events tell what the record holds and nothing that is made up: lists tell the same. */
const TOLD_AS_KEPT: ReadonlySet<string> = new Set(['opportunities'])

/** Changes that have an event of their own, by the last part of the path. */
const CHANGES: Readonly<Record<string, string>> = {
  status: 'StatusUpdate',
  send: 'Sent',
  void: 'Void',
  'record-payment': 'Paid',
  completed: 'Complete',
}

/** Tells the apps of the sub-account what happened to a record, where HighLevel has an event for it. */
export function announceRecord(context: Highlevel, path: string, happened: 'Create' | 'Update' | 'Delete', record: CatalogueRecord): void {
  const stem = STEMS[record.collection]
  if (stem === undefined) return
  const special = happened === 'Update' ? CHANGES[path.split('/').at(-1) ?? ''] : undefined
  for (const ending of new Set([happened, ...(special === undefined ? [] : [special])])) {
    const event = `${stem}${ending}`
    const sample = EVENTS.includes(event) ? sampleBody(context, event, record.locationId) : undefined
    if (!sample) continue
    const times = { dateAdded: record.createdAt, dateUpdated: record.updatedAt, createdAt: record.createdAt, updatedAt: record.updatedAt }
    const own = Object.entries({ ...times, ...record.owners, ...record.value }).filter(([name]) => name in sample)
    const id = '_id' in sample ? { _id: record.id } : { id: record.id }
    const frame = TOLD_AS_KEPT.has(record.collection) ? { type: sample['type'], locationId: record.locationId } : sample
    emit(context, event, record.locationId, { ...frame, ...Object.fromEntries(own), ...id })
  }
}
