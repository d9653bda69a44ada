import type { Earned, TagFigures } from '@couplet/api'
import type { TimeGroup } from '@couplet/store'
import { comparable, earnedBy, POSTS_MIN } from './earned.ts'

type Insight = {
  kind: 'weekday' | 'time' | 'tag' | 'tag-trend' | 'none'
  sentence: string
  sample: number
  direction: 'more' | 'less' | 'none'
  tag?: string
  weekday?: number
  block?: number
}

const WEEKDAYS = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays']
const two = (hour: number): string => String(hour).padStart(2, '0')
const blockWords = (block: number): string => `${two(block * 4)}:00 and ${two((block * 4 + 4) % 24)}:00`
const TAGS_TOLD_MAX = 6

type Weekday = Earned & { weekday: number }
type Block = Earned & { block: number }
type Cell = Earned & { weekday: number; block: number }

/** Groups of posting times with what can be said of each. */
export function timeFigures(groups: readonly TimeGroup[]): { times: Cell[]; weekdays: Weekday[]; blocks: Block[] } {
  const only = (hasWeekday: boolean, hasBlock: boolean) =>
    groups.filter((group) => (group.weekday !== null) === hasWeekday && (group.block !== null) === hasBlock)
  const told = (some: readonly TimeGroup[]) =>
    some.map((group) => ({ ...earnedBy(group, comparable(some)), weekday: group.weekday ?? 0, block: group.block ?? 0 }))
  return {
    times: told(only(true, true)),
    weekdays: told(only(true, false)).map(({ block: _block, ...rest }) => rest),
    blocks: told(only(false, true)).map(({ weekday: _weekday, ...rest }) => rest),
  }
}

const times = (index: number): string => `${index.toFixed(1)} times`
const sampleWords = (posts: number): string => `${posts} settled posts`

function sentence(subject: string, earned: Earned): string {
  const { index, low, high, settled } = earned
  return `${subject} earn ${times(index ?? 0)} the usual engagement (${(low ?? 0).toFixed(1)} to ${(high ?? 0).toFixed(1)}, from ${sampleWords(settled)}).`
}

const isClaim = ({ verdict }: Earned): boolean => verdict === 'more' || verdict === 'less'
const directionOf = ({ verdict }: Earned): 'more' | 'less' => (verdict === 'less' ? 'less' : 'more')

/** What may be said, one plain sentence each, strongest first. When nothing may be said, that is said. */
export function insightsOf(
  figures: { weekdays: readonly Weekday[]; blocks: readonly Block[]; times: readonly Cell[] },
  tags: readonly TagFigures[],
  settled: number,
): Insight[] {
  const distance = (earned: Earned): number => Math.abs((earned.index ?? 1) - 1)
  const strongest = <Row extends Earned>(rows: readonly Row[]): Row[] =>
    rows.filter(isClaim).toSorted((left, right) => distance(right) - distance(left))
  const found: Insight[] = [
    ...strongest(figures.blocks).map((row): Insight => ({
      kind: 'time',
      sentence: sentence(`Posts between ${blockWords(row.block)}`, row),
      sample: row.settled,
      direction: directionOf(row),
      block: row.block,
    })),
    ...strongest(figures.weekdays).map((row): Insight => ({
      kind: 'weekday',
      sentence: sentence(`Posts on ${WEEKDAYS[row.weekday] ?? ''}`, row),
      sample: row.settled,
      direction: directionOf(row),
      weekday: row.weekday,
    })),
    ...strongest(tags)
      .slice(0, TAGS_TOLD_MAX)
      .map((row): Insight => ({
        kind: 'tag',
        sentence: sentence(`Posts tagged "${row.tag}"`, row),
        sample: row.settled,
        direction: directionOf(row),
        tag: row.tag,
      })),
    ...tags
      .filter(({ trend }) => trend === 'up' || trend === 'down')
      .map((row): Insight => ({
        kind: 'tag-trend',
        sentence: `"${row.tag}" is ${row.trend === 'up' ? 'gaining' : 'losing'}: ${times(row.index ?? 0)} the usual engagement, ${times(row.before?.index ?? 0)} in the period before (${sampleWords(row.settled)}).`,
        sample: row.settled,
        direction: row.trend === 'up' ? 'more' : 'less',
        tag: row.tag,
      })),
  ]
  if (found.length > 0) return found
  return [
    {
      kind: 'none',
      sentence:
        settled < POSTS_MIN
          ? `Too few posts to say anything: ${settled} have settled, and nothing is claimed from fewer than ${POSTS_MIN}.`
          : `No time and no tag stands out: the differences among ${settled} settled posts are within what chance makes.`,
      sample: settled,
      direction: 'none',
    },
  ]
}
