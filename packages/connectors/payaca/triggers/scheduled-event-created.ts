import { z } from 'zod'
import { payaca } from '../connector.ts'
import { RecordReply, related, toRelated } from '../schemas/deliveries.ts'
import { objectOf } from '../schemas/rows.ts'
import { deliveryKey, EVENTS } from '../webhooks.ts'

export const scheduledEventCreated = payaca.trigger({
  id: 'payaca.scheduled-event.created',
  version: 1,
  title: 'An event was scheduled',
  summary:
    'Starts when an event is put into the Payaca calendar. Payaca documents the event, not what is in it: the whole delivery is passed on.',
  phrase: 'an event is scheduled in {connection}',
  group: 'Calendar',
  facts: [
    { mark: 'CONFIRMED', text: 'Signed webhook scheduledEvent.created, set up in Payaca by hand.' },
    { mark: 'ASSUMED', text: 'Every member of the delivery.' },
  ],
  scopes: [],
  input: z.object({}),
  output: z.object({
    eventId: z.string().optional().meta({ title: 'Event id' }),
    title: z.string().optional().meta({ title: 'Title' }),
    startsAt: z.string().optional().meta({ title: 'Starts at' }),
    endsAt: z.string().optional().meta({ title: 'Ends at' }),
    customer: related('Customer'),
    project: related('Project'),
    delivery: z.record(z.string(), z.unknown()).meta({ title: 'Whole delivery' }),
  }),
  samples: [
    {
      eventId: 'e1',
      title: 'Survey',
      startsAt: '2026-10-05T09:00:00Z',
      endsAt: '2026-10-05T10:00:00Z',
      customer: { id: 'c1', name: 'Green Homes Ltd' },
      project: { id: 'p1', name: 'R-7' },
      delivery: { scheduledEvent: { id: 'e1', title: 'Survey', startsAt: '2026-10-05T09:00:00Z', endsAt: '2026-10-05T10:00:00Z' } },
    },
  ],
  push: {
    topics: [EVENTS.eventCreated],
    facts({ topic, body, bodySha256, receivedAt }) {
      const record = RecordReply.parse(objectOf(body, 'scheduledEvent', 'event', 'data'))
      return [
        {
          key: deliveryKey(topic, bodySha256),
          at: receivedAt,
          data: {
            eventId: record.id ?? undefined,
            title: record.title ?? undefined,
            startsAt: record.startsAt ?? record.startAt ?? undefined,
            endsAt: record.endsAt ?? record.endAt ?? undefined,
            customer: toRelated(record.customer),
            project: toRelated(record.project),
            delivery: objectOf(body),
          },
        },
      ]
    },
  },
})
