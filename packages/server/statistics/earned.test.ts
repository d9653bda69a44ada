import { describe, expect, test } from 'vitest'
import { csvCell, csvText } from './csv.ts'
import { earnedBy, tagFigures } from './earned.ts'
import { insightsOf } from './insights.ts'
import { outliersAmong } from './outliers.ts'
import { normalQuantile, studentQuantile } from './uncertainty.ts'

const group = (settled: number, index: number, deviation: number) => ({
  posts: settled + 2,
  settled,
  engagement: index * 40,
  index,
  deviation,
})

describe('what posts are said to earn', () => {
  test('quantiles agree with the tables', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959_964, 5)
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326_348, 5)
    expect(studentQuantile(0.975, 7)).toBeCloseTo(2.365, 2)
    expect(studentQuantile(0.975, 30)).toBeCloseTo(2.042, 3)
  })

  test('nothing is claimed from three posts, however good they were', () => {
    expect(earnedBy(group(3, 9, 0.1), 1)).toMatchObject({ verdict: 'too-few', low: null, high: null })
  })

  test('a difference is claimed when it is larger than chance makes, and the more groups are looked at the larger it must be', () => {
    expect(earnedBy(group(40, 1.5, 0.6), 1).verdict).toBe('more')
    expect(earnedBy(group(40, 0.5, 0.6), 1).verdict).toBe('less')
    expect(earnedBy(group(20, 1.3, 0.6), 1).verdict).toBe('more')
    expect(earnedBy(group(20, 1.3, 0.6), 30).verdict).toBe('unclear')
  })

  test('a tag gains only against a period that has enough posts too', () => {
    const tag = (name: string, settled: number, index: number) => ({ ...group(settled, index, 0.4), tag: name, locations: 1 })
    const [gained, unknown] = tagFigures([tag('Spring', 30, 1.8), tag('New', 30, 1.1)], [tag('spring', 30, 1), tag('new', 3, 0.2)])
    expect(gained).toMatchObject({ tag: 'Spring', trend: 'up', before: { posts: 32, index: 1 } })
    expect(unknown).toMatchObject({ tag: 'New', trend: 'unknown' })
  })

  test('when nothing stands out, that is what is said', () => {
    const quiet = { weekdays: [], blocks: [], times: [] }
    expect(insightsOf(quiet, [], 3)).toMatchObject([{ kind: 'none', sample: 3, direction: 'none' }])
    expect(insightsOf(quiet, [], 300)[0]?.sentence).toContain('within what chance makes')
  })
})

test('a location that moved quite differently stands out, among enough others', () => {
  const figures = { followers: null, reach: null, likes: null, comments: null, shares: null, posts: null, clicks: null, engagement: null }
  const place = (id: number, now: number) => ({ id, total: { ...figures, impressions: now }, before: { ...figures, impressions: 1_000 } })
  const places = Array.from({ length: 10 }, (_place, id) => place(id, 1_000 + id * 10))
  expect(outliersAmong(places).size).toBe(0)
  expect([...outliersAmong([...places, place(99, 3_000)]).keys()]).toEqual([99])
  expect(outliersAmong([...places.slice(0, 3), place(99, 3_000)]).size).toBe(0)
})

test('text that a spreadsheet would run is made harmless, numbers stay numbers, unknown stays empty', () => {
  expect(['=1+1', '+44 113', '-2', '@x', '\tx'].map(csvCell)).toEqual(["'=1+1", "'+44 113", "'-2", "'@x", "'\tx"])
  expect([csvCell(-2), csvCell(null), csvCell('a,"b"')]).toEqual(['-2', '', '"a,""b"""'])
  expect(csvText(['day', 'name'], [['2026-03-01', '=cmd|x, "y"']])).toBe('\uFEFFday,name\r\n2026-03-01,"\'=cmd|x, ""y"""\r\n')
})
