import type { Earned, TagFigures } from '@couplet/api'
import type { PostGroup, TagGroup } from '@couplet/store'
import { margin, studentQuantile } from './uncertainty.ts'

/** Of fewer settled posts nothing is claimed. */
export const POSTS_MIN = 8
const ERROR = 0.05

const isEnough = (group: Pick<PostGroup, 'settled'>): boolean => group.settled >= POSTS_MIN

/** How many of the groups are large enough to be compared. */
export const comparable = (groups: readonly PostGroup[]): number => groups.filter(isEnough).length

/** What can be said of one group, among so many that are looked at together. */
export function earnedBy(group: PostGroup, groups: number): Earned {
  const { posts, settled, engagement, index, deviation } = group
  const told = { posts, settled, engagement, index }
  if (!isEnough(group) || index === null || deviation === null) return { ...told, low: null, high: null, verdict: 'too-few' }
  const half = margin(deviation, settled, groups)
  const [low, high] = [Math.max(0, index - half), index + half]
  return { ...told, low, high, verdict: low > 1 ? 'more' : high < 1 ? 'less' : 'unclear' }
}

/** Whether a tag earned more or less than in the period before (Welch's test, over so many tags together). */
function trendOf(now: PostGroup, before: PostGroup | undefined, groups: number): TagFigures['trend'] {
  if (!before || !isEnough(now) || !isEnough(before)) return 'unknown'
  const { index: one, deviation: oneDeviation } = now
  const { index: other, deviation: otherDeviation } = before
  if (one === null || other === null || oneDeviation === null || otherDeviation === null) return 'unknown'
  const [oneShare, otherShare] = [oneDeviation ** 2 / now.settled, otherDeviation ** 2 / before.settled]
  const spread = oneShare + otherShare
  if (spread === 0) return one === other ? 'steady' : one > other ? 'up' : 'down'
  const degrees = spread ** 2 / (oneShare ** 2 / (now.settled - 1) + otherShare ** 2 / (before.settled - 1))
  const limit = studentQuantile(1 - ERROR / 2 / Math.max(1, groups), degrees) * Math.sqrt(spread)
  return one - other > limit ? 'up' : other - one > limit ? 'down' : 'steady'
}

/** Tags with what they earned, the most certain first. */
export function tagFigures(now: readonly TagGroup[], before: readonly TagGroup[] | null): TagFigures[] {
  const groups = comparable(now)
  const then = new Map((before ?? []).map((group) => [group.tag.toLowerCase(), group]))
  const order = { more: 0, unclear: 1, less: 2, 'too-few': 3 } as const
  return now
    .map((group): TagFigures => {
      const earlier = then.get(group.tag.toLowerCase())
      return {
        ...earnedBy(group, groups),
        tag: group.tag,
        locations: group.locations,
        before: before ? { posts: earlier?.posts ?? 0, index: earlier?.index ?? null } : null,
        trend: trendOf(group, earlier, groups),
      }
    })
    .toSorted(
      (left, right) =>
        order[left.verdict] - order[right.verdict] ||
        // An order by what one post earned would be a claim.
        (left.verdict === 'too-few' ? right.settled - left.settled : (right.index ?? -1) - (left.index ?? -1)) ||
        right.posts - left.posts ||
        left.tag.localeCompare(right.tag),
    )
}
