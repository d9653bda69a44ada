import { z } from 'zod'
import { payaca } from '../connector.ts'
import { RecordReply, related, toRelated } from '../schemas/deliveries.ts'
import { objectOf } from '../schemas/rows.ts'
import { deliveryKey, EVENTS } from '../webhooks.ts'

export const invoiceFullyPaid = payaca.trigger({
  id: 'payaca.invoice.fully-paid',
  version: 1,
  title: 'An invoice was paid in full',
  summary: 'Starts when an invoice is fully paid. Payaca documents the event, not what is in it: the whole delivery is passed on.',
  phrase: 'an invoice is paid in full in {connection}',
  group: 'Invoices',
  facts: [
    { mark: 'CONFIRMED', text: 'Signed webhook invoice.fullyPaid, set up in Payaca by hand.' },
    { mark: 'ASSUMED', text: 'Every member of the delivery.' },
  ],
  scopes: [],
  input: z.object({}),
  output: z.object({
    invoiceId: z.string().optional().meta({ title: 'Invoice id' }),
    reference: z.string().optional().meta({ title: 'Reference' }),
    customer: related('Customer'),
    project: related('Project'),
    delivery: z.record(z.string(), z.unknown()).meta({ title: 'Whole delivery' }),
  }),
  samples: [
    {
      invoiceId: 'i1',
      reference: 'INV-12',
      customer: { id: 'c1', name: 'Green Homes Ltd' },
      project: { id: 'p1', name: 'R-7' },
      delivery: {
        invoice: {
          id: 'i1',
          reference: 'INV-12',
          customer: { id: 'c1', name: 'Green Homes Ltd' },
          project: { id: 'p1', reference: 'R-7' },
        },
      },
    },
  ],
  push: {
    topics: [EVENTS.invoicePaid],
    facts({ topic, body, bodySha256, receivedAt }) {
      const record = RecordReply.parse(objectOf(body, 'invoice', 'data'))
      return [
        {
          key: deliveryKey(topic, bodySha256),
          at: receivedAt,
          data: {
            invoiceId: record.id ?? undefined,
            reference: record.reference ?? undefined,
            customer: toRelated(record.customer),
            project: toRelated(record.project),
            delivery: objectOf(body),
          },
        },
      ]
    },
  },
})
