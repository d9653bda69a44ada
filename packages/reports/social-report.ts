/** What a report of social figures says. Times are ISO; figures that a platform does not give are left out, not zero. */
export type SocialReport = {
  title: string
  location: string
  from: string
  to: string
  /** One sentence for a reader in a hurry. */
  summary: string
  /** `changePercent` against the period before. */
  totals: readonly { label: string; value: number; changePercent?: number }[]
  platforms: readonly PlatformFigures[]
  /** What the figures do not say. */
  notes: readonly string[]
}

export type PlatformFigures = {
  platform: string
  followers?: number
  impressions?: number
  reach?: number
  likes?: number
  comments?: number
  shares?: number
  posts?: number
}

/** The sender's look. `color` as `#rrggbb`. */
export type Brand = { name?: string; color?: string }
