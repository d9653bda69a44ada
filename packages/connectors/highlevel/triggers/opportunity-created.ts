import { z } from 'zod'
import { vendor } from '../connector.ts'
import { opportunitiesAddedSince } from '../reads/opportunities.ts'
import { Opportunity, OpportunityReply, opportunitySample } from '../schemas/opportunity.ts'
import { happenedAt, unwrap } from '../webhooks.ts'
import { BOTH_WIRES, createdFeed, createdKey, LooksForMissed } from './created-feed.ts'
import { isOurs } from './webhook-fact.ts'

export const opportunityCreated = vendor.trigger({
  id: 'highlevel.opportunity.created',
  version: 1,
  title: 'Opportunity created',
  summary: 'Starts when an opportunity is created: at once by webhook, and a little later for one whose webhook did not arrive.',
  phrase: 'an opportunity is created in {connection}',
  group: 'Opportunities',
  facts: [
    BOTH_WIRES,
    { mark: 'ASSUMED', text: 'The days the search is narrowed to are those of creation. Were they not, a look would miss opportunities.' },
  ],
  scopes: ['opportunities.readonly'],
  input: LooksForMissed,
  output: z.object({ opportunity: Opportunity, locationId: z.string().meta({ title: 'Location id' }) }),
  samples: [{ opportunity: opportunitySample, locationId: 'LocNorthgateSolar001' }],
  push: {
    topics: ['OpportunityCreate'],
    facts(delivery) {
      const opportunity = OpportunityReply.safeParse(unwrap(delivery.body))
      if (!opportunity.success || !isOurs(delivery)) return []
      const { locationId } = delivery.connection
      return [
        {
          key: createdKey('opportunity', locationId, opportunity.data.id),
          at: opportunity.data.createdAt ?? happenedAt(delivery.body, delivery.receivedAt),
          data: { opportunity: opportunity.data, locationId },
        },
      ]
    },
  },
  poll: createdFeed({
    what: 'opportunity',
    async page(call, ask) {
      const { opportunities, mark } = await opportunitiesAddedSince(call, ask)
      const records = opportunities.map((opportunity) => ({
        id: opportunity.id,
        createdAt: opportunity.createdAt,
        data: { opportunity, locationId: call.connection.locationId },
      }))
      return mark === undefined ? { records } : { records, mark }
    },
  }),
})
