import type { Highlevel } from '../context.ts'
import { rowBy } from '../lookup.ts'
import { peopleSamples } from './samples-people.ts'
import { recordSamples } from './samples-records.ts'

const samples: Readonly<Record<string, Record<string, unknown>>> = { ...peopleSamples, ...recordSamples }

/** The 58 events HighLevel documents. None is about social posts, accounts, planner tags or categories. */
export const EVENTS: readonly string[] = Object.keys(samples).toSorted()

/**
 * A body of the event as if it had happened in this location; `undefined` for an unknown event. The unread event is also known by
 * the name of its page, ConversationUnreadWebhook.
 */
export function sampleBody(context: Highlevel, event: string, locationId: string): Record<string, unknown> | undefined {
  const sample = samples[event === 'ConversationUnreadWebhook' ? 'ConversationUnreadUpdate' : event]
  if (!sample) return undefined
  const companyId = rowBy(context.state.locations, 'id', locationId)?.companyId ?? context.state.companies[0]?.id ?? ''
  const placed = JSON.stringify(sample).replaceAll('LocNorthgateSolar001', locationId).replaceAll('CmpBrightAgency00001', companyId)
  return JSON.parse(placed) as Record<string, unknown>
}
