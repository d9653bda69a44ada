/** What is counted of a location, in the order it is shown. */
export const METRIC_NAMES = ['followers', 'impressions', 'reach', 'engagement', 'likes', 'comments', 'shares', 'posts', 'clicks'] as const
