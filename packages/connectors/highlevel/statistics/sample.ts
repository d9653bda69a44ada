import type { Statistics } from '../schemas/statistics.ts'

export const statisticsSample: Statistics = {
  accounts: 2,
  days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  totals: { posts: 9, likes: 143, comments: 31, followers: 2_804, impressions: 11_930, reach: 8_204 },
  changes: { posts: 12.5, impressions: 8.2, reach: -3.1 },
  platforms: [
    {
      platform: 'facebook',
      posts: 5,
      impressions: 7_100,
      reach: 5_020,
      likes: 82,
      comments: 19,
      shares: 11,
      followers: 1_904,
      postsChange: 25,
      impressionsChange: 10.4,
      reachChange: -1.2,
      engagementChange: 4.6,
    },
    {
      platform: 'instagram',
      posts: 4,
      impressions: 4_830,
      reach: 3_184,
      likes: 61,
      comments: 12,
      shares: 0,
      followers: 900,
      postsChange: 0,
      impressionsChange: 5.1,
      reachChange: -6,
      engagementChange: 2,
    },
  ],
  daily: {
    impressions: [1_500, 1_610, 1_720, 1_900, 2_100, 1_600, 1_500],
    likes: [20, 18, 22, 25, 27, 16, 15],
    comments: [4, 5, 3, 6, 7, 3, 3],
  },
  demographics: [
    { group: 'gender', label: 'female', total: 1_500, percentage: 53.5 },
    { group: 'gender', label: 'male', total: 1_304, percentage: 46.5 },
  ],
  figures: [
    { account: 'all', platform: 'facebook', metric: 'reach', value: 5_020 },
    { account: 'all', platform: 'instagram', metric: 'reach', value: 3_184 },
  ],
  notes: [],
  traceIds: ['trace-0001'],
}
