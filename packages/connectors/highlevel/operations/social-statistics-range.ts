import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Statistics, StatisticsPlatform } from '../schemas/statistics.ts'
import { readStatistics } from '../statistics/read.ts'
import { statisticsSample } from '../statistics/sample.ts'

const time = z.iso.datetime({ offset: true })
const isBefore = (from: string | undefined, to: string | undefined): boolean =>
  from === undefined || to === undefined || Date.parse(from) < Date.parse(to)

export const socialStatisticsRange = vendor.action({
  id: 'highlevel.social-statistics.range',
  version: 1,
  title: 'Read statistics of chosen days',
  summary: 'Posts, impressions, reach, reactions and followers of a period you choose, against another one.',
  phrase: 'read the social statistics of chosen days of {connection}',
  group: 'Social statistics',
  facts: [
    { mark: 'CONFIRMED', text: 'Own periods exist in version v3 only. Without a period to compare with, changes are not meaningful.' },
    {
      mark: 'CONFIRMED',
      text: 'Figures are per account and period, never per post. At most 100 accounts in a call; more are read in several.',
    },
  ],
  scopes: ['socialplanner/statistics.readonly', 'socialplanner/account.readonly'],
  input: z
    .object({
      from: time.meta({ title: 'From' }),
      to: time.meta({ title: 'To' }),
      previousFrom: time.optional().meta({ title: 'Compare from', description: 'Empty: the period of the same length before.' }),
      previousTo: time.optional().meta({ title: 'Compare to' }),
      profileIds: z
        .array(pick('profiles'))
        .max(1_000)
        .optional()
        .meta({ title: 'Accounts', description: 'Empty: all accounts that have statistics.' }),
      platforms: z.array(StatisticsPlatform).optional().meta({ title: 'Platforms', description: 'Empty: all.' }),
    })
    .refine((input) => isBefore(input.from, input.to), { path: ['to'], message: 'The end must come after the start.' })
    .refine((input) => (input.previousFrom === undefined) === (input.previousTo === undefined), {
      path: ['previousTo'],
      message: 'Give both ends, or none.',
    })
    .refine((input) => isBefore(input.previousFrom, input.previousTo), {
      path: ['previousTo'],
      message: 'The end must come after the start.',
    }),
  output: Statistics.extend({
    from: z.string().meta({ title: 'From' }),
    to: z.string().meta({ title: 'To' }),
    previousFrom: z.string().meta({ title: 'Compared from' }),
    previousTo: z.string().meta({ title: 'Compared to' }),
  }),
  samples: [
    {
      ...statisticsSample,
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-31T23:59:59.999Z',
      previousFrom: '2026-01-29T00:00:00.000Z',
      previousTo: '2026-02-28T23:59:59.999Z',
    },
  ],
  rejects: [
    { input: { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, because: 'the period ends before it begins' },
    {
      input: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', previousFrom: '2026-02-01T00:00:00Z' },
      because: 'half a period to compare with',
    },
  ],
  effect: { kind: 'read' },
  cacheFor: '5 m',
  async run(call) {
    const { input } = call
    const from = new Date(input.from)
    const to = new Date(input.to)
    const lengthMs = to.getTime() - from.getTime()
    const previousTo = input.previousTo === undefined ? new Date(from.getTime() - 1) : new Date(input.previousTo)
    const previousFrom = input.previousFrom === undefined ? new Date(previousTo.getTime() - lengthMs) : new Date(input.previousFrom)
    const period = {
      from: from.toISOString(),
      to: to.toISOString(),
      previousFrom: previousFrom.toISOString(),
      previousTo: previousTo.toISOString(),
    }
    const statistics = await readStatistics(call, input, {
      currentRange: { startDate: period.from, endDate: period.to },
      prevRange: { startDate: period.previousFrom, endDate: period.previousTo },
    })
    return { ...statistics, ...period }
  },
})
