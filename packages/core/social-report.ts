/**
 * What a report of social figures says. Times are ISO; figures that nobody gives are left out (or `null` in a course), not zero. Only what is given
 * is shown: the simplest report has totals and platforms.
 */
export type SocialReport = {
  title: string
  /** The place or group it is about. */
  location: string
  from: string
  to: string
  /** The period it is compared with. */
  compared?: { from: string; to: string }
  /** When its figures were read. */
  asOf?: string
  /** One sentence for a reader in a hurry. */
  summary: string
  /** `changePercent` against the period before. */
  totals: readonly { label: string; value: number; changePercent?: number }[]
  /** One figure over time; the compared period beneath it. */
  course?: { label: string; points: readonly CoursePoint[]; before: readonly CoursePoint[] }
  platforms: readonly PlatformFigures[]
  places?: readonly ({ name: string } & Omit<PlatformFigures, 'platform'>)[]
  /** What posts with a tag earned against the usual (1); without `low` and `high` there were too few to say. */
  tags?: readonly { tag: string; posts: number; index: number; low?: number; high?: number }[]
  posts?: readonly { text: string; place: string; day: string; platforms: readonly string[]; engagement: number }[]
  /** What can be said of times and tags, a sentence each. */
  insights?: readonly string[]
  /** What the figures do not say. */
  notes: readonly string[]
}

export type CoursePoint = { day: string; value: number | null }

export type PlatformFigures = {
  platform: string
  followers?: number
  impressions?: number
  reach?: number
  likes?: number
  comments?: number
  shares?: number
  engagement?: number
  posts?: number
}
