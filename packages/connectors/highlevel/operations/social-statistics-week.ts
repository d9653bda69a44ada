import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Statistics, StatisticsPlatform } from '../schemas/statistics.ts'
import { readStatistics } from '../statistics/read.ts'
import { statisticsSample } from '../statistics/sample.ts'

export const socialStatisticsWeek = vendor.action({
  id: 'highlevel.social-statistics.week',
  version: 1,
  title: 'Read statistics of the last 7 days',
  summary: 'Posts, impressions, reach, reactions and followers of the last 7 days, against the 7 days before.',
  phrase: 'read the social statistics of the last 7 days of {connection}',
  group: 'Social statistics',
  facts: [
    { mark: 'CONFIRMED', text: 'Figures are per account and period, never per post. HighLevel takes no statistics: this only reads.' },
    {
      mark: 'CONFIRMED',
      text: 'At most 100 accounts in a call; more are read in several, and the changes in percent are worked out again.',
    },
    { mark: 'CONFIRMED', text: 'LinkedIn counts pages only, TikTok business accounts only.' },
  ],
  scopes: ['socialplanner/statistics.readonly', 'socialplanner/account.readonly'],
  input: z.object({
    profileIds: z
      .array(pick('profiles'))
      .max(1_000)
      .optional()
      .meta({ title: 'Accounts', description: 'Empty: all accounts that have statistics.' }),
    platforms: z.array(StatisticsPlatform).optional().meta({ title: 'Platforms', description: 'Empty: all.' }),
  }),
  output: Statistics,
  samples: [statisticsSample],
  rejects: [{ input: { platforms: ['x'] }, because: 'X has no statistics' }],
  effect: { kind: 'read' },
  cacheFor: '5 m',
  run: (call) => readStatistics(call, call.input),
})
