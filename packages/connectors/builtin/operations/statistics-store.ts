import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Day, Figure } from '../schemas/social-report.ts'

export const statisticsStore = builtin.action({
  id: 'builtin.statistics.store',
  version: 1,
  title: 'Store statistics',
  summary: 'Keeps numbers of a location for the dashboards. A later reading of the same account, day and metric replaces the earlier.',
  phrase: 'store statistics for the dashboards',
  group: 'Reports',
  scopes: [],
  input: z.object({
    locationId: z.string().min(1).meta({ title: 'Location id' }),
    from: Day.meta({ title: 'From' }),
    to: Day.meta({ title: 'To' }),
    source: z.string().min(1).default('highlevel').meta({ title: 'Source', advanced: true }),
    figures: z.array(Figure).max(10_000).meta({ title: 'Figures' }),
  }),
  output: z.object({ stored: z.int().meta({ title: 'Stored figures' }) }),
  samples: [{ stored: 7 }],
  rejects: [
    {
      input: {
        locationId: 'loc_1',
        from: '2026-09-07',
        to: '2026-09-13',
        figures: [{ account: 'all', platform: 'facebook', metric: 'reach', value: 'many' }],
      },
      because: 'a figure is a number',
    },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'a later reading of the same account, day and metric replaces the earlier' },
  async run({ input, host, clock }) {
    const { stored } = await host.statistics.record({ ...input, readAt: new Date(clock.now()).toISOString() })
    return { stored }
  },
})
