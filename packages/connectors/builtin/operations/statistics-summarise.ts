import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Figure, PlatformLine, samplePlatforms, sampleTotals, Total } from '../schemas/social-report.ts'
import { readStatistics, statisticsSentence } from '../statistics.ts'

export const statisticsSummarise = builtin.action({
  id: 'builtin.statistics.summarise',
  version: 1,
  title: 'Summarise statistics',
  summary: 'Turns a reading of HighLevel statistics into totals, one line per platform, a sentence, and figures for the dashboards.',
  phrase: 'summarise the statistics',
  group: 'Reports',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'HighLevel gives figures per account set and period, in maps without declared members: what is missing is left out, not shown as zero.',
    },
  ],
  scopes: [],
  input: z.object({
    statistics: z.looseObject({}).meta({ title: 'Statistics', description: 'What "Get statistics" of HighLevel gave.' }),
    location: z.string().min(1).default('This location').meta({ title: 'Name of the location' }),
    account: z.string().min(1).default('all').meta({
      title: 'Account',
      description: 'Under which the figures are kept when they are for several accounts together.',
      advanced: true,
    }),
  }),
  output: z.object({
    totals: z.array(Total).meta({ title: 'Totals' }),
    platforms: z.array(PlatformLine).meta({ title: 'Platforms' }),
    sentence: z.string().meta({ title: 'Sentence' }),
    isEmpty: z.boolean().meta({ title: 'Nothing there yet', description: 'All numbers are zero or missing: probably not yet synced.' }),
    figures: z.array(Figure).meta({ title: 'Figures', description: 'For "Store statistics".' }),
  }),
  samples: [
    {
      totals: sampleTotals,
      platforms: samplePlatforms,
      sentence:
        'Leeds: 12 posts (up 20 %), 4,321 impressions (up 12.5 %), 3,000 reach (down 3 %), 210 likes, 18 comments, 1,520 followers.',
      isEmpty: false,
      figures: [{ account: 'all', platform: 'facebook', metric: 'impressions', value: 4321 }],
    },
  ],
  rejects: [{ input: { statistics: 'none' }, because: 'a reading is an object' }],
  effect: { kind: 'read' },
  run({ input }) {
    const { totals, platforms } = readStatistics(input.statistics)
    const figures = platforms.flatMap(({ platform, ...metrics }) =>
      Object.entries(metrics).flatMap(([metric, value]) =>
        value === undefined ? [] : [{ account: input.account, platform, metric, value }],
      ),
    )
    return Promise.resolve({
      totals,
      platforms,
      sentence: statisticsSentence({ totals, platforms }, input.location),
      isEmpty: totals.every((total) => total.value === 0),
      figures,
    })
  },
})
