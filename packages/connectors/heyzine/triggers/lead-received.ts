import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { SAMPLE_ID } from '../schemas/flipbook.ts'
import { Lead, LeadDelivery } from '../schemas/lead.ts'
import { LEAD_TOPIC } from '../webhooks.ts'

/** Longest part of an answer that goes into a key: form answers have no bound of their own. */
const KEY_PART_MAX = 200

const keyPart = (text: string): string => encodeURIComponent(text.slice(0, KEY_PART_MAX))

export const leadReceived = heyzine.trigger({
  id: 'heyzine.lead.received',
  version: 1,
  title: 'A lead form was filled in',
  summary: 'Starts for every visitor who sends the lead form of a flipbook. Heyzine sends leads in batches; each lead starts its own run.',
  phrase: 'a visitor fills in the lead form of a flipbook in {connection}',
  group: 'Leads',
  facts: [
    { mark: 'CONFIRMED', text: 'The only webhook of Heyzine. Set up by hand, Professional plan or above, not signed.' },
    {
      mark: 'ASSUMED',
      text: 'Whether a delivery has an id of its own is unclear: a lead is recognised by flipbook, time and its first two answers.',
    },
  ],
  scopes: [],
  input: z.object({ flipbookId: pick('flipbooks').optional().meta({ title: 'Only this flipbook', list: 'flipbooks', given: [] }) }),
  output: Lead,
  samples: [
    {
      date: '2026-09-15T09:58:12Z',
      flipbook: { id: SAMPLE_ID, title: 'Guide' },
      firstValue: 'Ann',
      secondValue: 'ann@example.com',
      answers: [
        { label: 'Name', value: 'Ann' },
        { label: 'Email', value: 'ann@example.com' },
      ],
    },
  ],
  push: {
    topics: [LEAD_TOPIC],
    facts({ input, body }) {
      const delivery = LeadDelivery.safeParse(body)
      if (!delivery.success) return []
      return delivery.data.data.leads
        .filter((lead) => input.flipbookId === undefined || lead.flipbook.id === input.flipbookId)
        .map((lead) => {
          const firstValue = lead.first_value ?? ''
          const secondValue = lead.second_value ?? ''
          return {
            key: `hz.lead:${lead.flipbook.id}:${lead.date}:${keyPart(firstValue)}:${keyPart(secondValue)}`,
            at: lead.date,
            data: {
              date: lead.date,
              flipbook: { id: lead.flipbook.id, title: lead.flipbook.title ?? '' },
              firstValue,
              secondValue,
              answers: (lead.answer ?? []).map(({ label, value }) => ({
                label: label ?? '',
                value: typeof value === 'string' ? value : JSON.stringify(value ?? ''),
              })),
            },
          }
        })
    },
  },
})
