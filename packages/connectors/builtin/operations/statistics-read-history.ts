import { z } from 'zod'
import { builtin } from '../connector.ts'

export const statisticsReadHistory = builtin.action({
  id: 'builtin.statistics.read-history',
  version: 1,
  title: 'Bring the statistics up to date',
  summary: 'Reads the days of a location that are missing or may have been corrected into the history behind the dashboards.',
  phrase: 'bring the statistics of a location up to date',
  group: 'Reports',
  facts: [
    { mark: 'CONFIRMED', text: 'HighLevel tells figures of a period, never a history: Couplet reads day by day and keeps them.' },
    { mark: 'CONFIRMED', text: 'Networks correct figures for some days: the last 7 days are read again each time, and replaced.' },
  ],
  scopes: [],
  input: z.object({
    locationId: z.string().min(1).meta({ title: 'Location id', description: 'It needs a connection in the environment of this flow.' }),
    days: z
      .int()
      .min(1)
      .max(1_095)
      .default(28)
      .meta({ title: 'Days of history', description: 'As many again should be there to compare with.' }),
  }),
  output: z.object({
    asOf: z.string().meta({ title: 'Read at' }),
    from: z.string().meta({ title: 'History since' }),
    accounts: z.int().meta({ title: 'Accounts' }),
  }),
  samples: [{ asOf: '2026-09-21T07:00:04.000Z', from: '2026-08-01', accounts: 4 }],
  rejects: [{ input: { locationId: '' }, because: 'an empty id names no location' }],
  effect: { kind: 'read' },
  timeout: '10 m',
  run: ({ input, host }) => host.statistics.readHistory(input),
})
