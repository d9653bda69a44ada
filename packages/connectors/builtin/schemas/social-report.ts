import { z } from 'zod'

const count = (title: string) => z.number().optional().meta({ title })

export const Total = z.object({
  label: z.string().min(1).meta({ title: 'Label' }),
  value: z.number().meta({ title: 'Value' }),
  changePercent: z.number().optional().meta({ title: 'Change in per cent' }),
})
export type Total = z.output<typeof Total>

export const PlatformLine = z.object({
  platform: z.string().min(1).meta({ title: 'Platform' }),
  followers: count('Followers'),
  impressions: count('Impressions'),
  reach: count('Reach'),
  likes: count('Likes'),
  comments: count('Comments'),
  shares: count('Shares'),
  posts: count('Posts'),
})
export type PlatformLine = z.output<typeof PlatformLine>

export const Figure = z.object({
  account: z.string().min(1).meta({ title: 'Account' }),
  platform: z.string().min(1).meta({ title: 'Platform' }),
  metric: z.string().min(1).meta({ title: 'Metric' }),
  value: z.number().meta({ title: 'Value' }),
})

/** A day, or a time of which the day counts. */
export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/, 'A day like 2026-09-15')
  .meta({ placeholder: '2026-09-15', examples: ['2026-09-15'] })

export const sampleTotals: Total[] = [
  { label: 'Posts', value: 12, changePercent: 20 },
  { label: 'Impressions', value: 4321, changePercent: 12.5 },
  { label: 'Reach', value: 3000, changePercent: -3 },
  { label: 'Likes', value: 210 },
  { label: 'Comments', value: 18 },
  { label: 'Followers', value: 1520 },
]
export const samplePlatforms: PlatformLine[] = [
  { platform: 'facebook', followers: 1520, impressions: 4321, reach: 3000, likes: 210, comments: 18, shares: 7, posts: 12 },
]
