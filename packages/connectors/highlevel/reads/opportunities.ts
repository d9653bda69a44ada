import { z } from 'zod'
import type { HighlevelCall } from '../connection.ts'
import { OpportunitiesReply, type Opportunity } from '../schemas/opportunity.ts'
import { DATED } from '../version-headers.ts'

const PAGE = 100
const DAY_MS = 86_400_000
const OpportunityMark = z.object({ startAfter: z.number(), startAfterId: z.string() })

/** A day as this search writes it, `mm-dd-yyyy` (CONFIRMED). */
function dayOf(ms: number): string {
  const [year, month, day] = new Date(ms).toISOString().slice(0, 10).split('-')
  return `${month}-${day}-${year}`
}

/**
 * A page of the opportunities added since a time, oldest first. The names are the vendor's own (CONFIRMED); that the days are those of
 * creation is ASSUMED. Their zone is not said, so a day is added at both ends.
 */
export async function opportunitiesAddedSince(
  { http, connection }: HighlevelCall,
  ask: { from: string; now: string; mark: unknown },
): Promise<{ opportunities: Opportunity[]; mark?: z.output<typeof OpportunityMark> }> {
  const after = OpportunityMark.optional().parse(ask.mark)
  const { opportunities, meta } = await http({
    method: 'GET',
    path: '/opportunities/search',
    query: {
      location_id: connection.locationId,
      status: 'all',
      date: dayOf(Date.parse(ask.from) - DAY_MS),
      endDate: dayOf(Date.parse(ask.now) + DAY_MS),
      order: 'added_asc',
      limit: PAGE,
      startAfter: after?.startAfter,
      startAfterId: after?.startAfterId,
    },
    headers: DATED,
    reply: OpportunitiesReply,
  })
  const mark = OpportunityMark.safeParse(meta)
  return opportunities.length === PAGE && mark.success ? { opportunities, mark: mark.data } : { opportunities }
}
