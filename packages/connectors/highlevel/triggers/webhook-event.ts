import { z } from 'zod'
import { vendor } from '../connector.ts'
import { WEBHOOK_EVENTS } from '../webhook-events.ts'
import { happenedAt, UNNAMED, unwrap } from '../webhooks.ts'
import { eventKey, isOurs, NEEDS_APP } from './webhook-fact.ts'

const NAMES = WEBHOOK_EVENTS.map((event) => event.name)

export const webhookEvent = vendor.trigger({
  id: 'highlevel.webhook.event',
  version: 1,
  title: 'Any webhook event',
  summary: 'Starts for one kind of event of your choice, with all that HighLevel sends about it.',
  phrase: 'HighLevel sends a chosen event from {connection}',
  group: 'Any operation',
  facts: [
    NEEDS_APP,
    {
      mark: 'CONFIRMED',
      text: 'About a third of the events carry no name, and some examples carry a wrong one: give such an event an address of its own and say so here.',
    },
    { mark: 'CONFIRMED', text: 'No event is about the Social Planner.' },
  ],
  scopes: [],
  input: z.object({
    event: z.enum(NAMES).meta({ title: 'Event' }),
    ownAddress: z.boolean().default(false).meta({
      title: 'This address gets only this event',
      description: 'Needed for events without a name. Whatever arrives is then taken to be this event.',
    }),
  }),
  output: z.object({
    event: z.string().meta({ title: 'Event' }),
    locationId: z.string().meta({ title: 'Location id' }),
    data: z.record(z.string(), z.json()).meta({ title: 'What HighLevel sent' }),
  }),
  samples: [
    {
      event: 'TaskCreate',
      locationId: 'LocNorthgateSolar001',
      data: { type: 'TaskCreate', id: 'Tsk0001', title: 'Call back', contactId: 'CntAliceRowan0000001' },
    },
  ],
  push: {
    topics: [...NAMES, UNNAMED],
    sharedTopics: ({ event }) => [event],
    facts(delivery) {
      const { event, ownAddress } = delivery.input
      if (!isOurs(delivery) || (delivery.topic !== event && !ownAddress)) return []
      const data = z.record(z.string(), z.json()).safeParse(unwrap(delivery.body))
      if (!data.success) return []
      return [
        {
          key: eventKey({ ...delivery, topic: event }),
          at: happenedAt(delivery.body, delivery.receivedAt),
          data: { event, locationId: delivery.connection.locationId, data: data.data },
        },
      ]
    },
  },
})
