import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { change, figure, period, printable } from './figures.ts'
import { palette } from './palette.ts'
import { pdfText } from './pdf-text.ts'
import { renderSocialReport } from './render-social-report.ts'
import type { SocialReport } from '@couplet/core'

const report: SocialReport = {
  title: 'Weekly social report',
  location: 'Brightwater Dental, Leeds',
  from: '2026-11-14',
  to: '2026-11-20',
  summary: 'Your posts were seen 48,210 times this week.',
  totals: [
    { label: 'Impressions', value: 48_210, changePercent: 12.44 },
    { label: 'Reach', value: 31_904, changePercent: -3.25 },
    { label: 'Followers', value: 12_840, changePercent: 0 },
    { label: 'Posts', value: 9 },
  ],
  platforms: [
    { platform: 'Instagram', followers: 5_210, impressions: 26_110, reach: 17_450, likes: 1_320, comments: 84, shares: 61, posts: 4 },
    { platform: 'TikTok', followers: 1_000, impressions: 1_500, likes: 36 },
  ],
  notes: ['TikTok does not give reach.'],
}

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes)
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('the document', () => {
  test('is a PDF with as many pages as it says, a language and a title', async () => {
    const { bytes, pages } = await renderSocialReport(report, { name: 'Northlight' })
    const text = latin1(bytes)
    expect(text.startsWith('%PDF-1.7')).toBe(true)
    expect(text.trimEnd().endsWith('%%EOF')).toBe(true)
    expect(pages).toBe(1)
    expect(text.match(/\/Type \/Page\n/g)).toHaveLength(pages)
    expect(text).toContain('/Lang (en-GB)')
    expect(text).toContain('/DisplayDocTitle true')
    expect(text).toContain('(D:20261120000000Z)')
    expect(text).toContain('(Northlight)')
  })

  test('says every figure, name and note of the report, and its page numbers', async () => {
    const [page = ''] = pdfText((await renderSocialReport(report, { name: 'Northlight' })).bytes)
    for (const words of [
      'NORTHLIGHT',
      'Weekly social report',
      'Brightwater Dental, Leeds',
      '14 November 2026 – 20 November 2026',
      'Your posts were seen 48,210 times this week.',
      '48,210',
      '+12.4 %',
      '31,904',
      '−3.3 %',
      'no change',
      'no comparison',
      'Impressions and reach by platform',
      '26,110',
      '17,450',
      '1,320',
      'TikTok does not give reach.',
      'Page 1 of 1',
    ])
      expect(page).toContain(words)
  })

  test('shows a dash, not a zero, for what a platform does not give, and says what it means', async () => {
    const [page = ''] = pdfText((await renderSocialReport(report)).bytes)
    expect(page).toContain('TikTok1,000–1,500–36––')
    expect(page).toContain('– means that the platform does not give this figure.')
  })

  test('leaves out a chart and columns that nobody has figures for', async () => {
    const [page = ''] = pdfText(
      (await renderSocialReport({ ...report, totals: [], platforms: [{ platform: 'Pinterest', followers: 3 }], notes: [] })).bytes,
    )
    expect(page).toContain('Pinterest3')
    expect(page).not.toContain('by platform')
    expect(page).not.toContain('Reach')
  })

  test('without any figure it is still a page', async () => {
    const { bytes, pages } = await renderSocialReport({ ...report, totals: [], platforms: [], notes: [] })
    expect(pages).toBe(1)
    expect(pdfText(bytes)[0]).toContain('Brightwater Dental')
  })

  test("flows over pages with the table's heading and the page numbers on each", async () => {
    const platforms = Array.from({ length: 60 }, (_, at) => ({
      platform: `Account ${at + 1}`,
      impressions: 1_000 * (at + 1),
      reach: 10 * at,
      likes: at,
    }))
    const { bytes, pages } = await renderSocialReport({ ...report, platforms })
    const texts = pdfText(bytes)
    expect(pages).toBeGreaterThan(2)
    expect(texts).toHaveLength(pages)
    texts.forEach((text, at) => expect(text).toContain(`Page ${at + 1} of ${pages}`))
    expect(texts.at(-1)).toContain('About these figures')
    expect(texts.filter((text) => text.includes('PlatformImpressionsReachLikes')).length).toBeGreaterThan(1)
    expect(texts.join('')).toContain('Account 60')
  })
})

describe('the same report gives the same bytes', () => {
  test('whenever it is rendered, one after the other or at once', async () => {
    const first = await renderSocialReport(report, { color: '#7a1f5c' })
    const [second, third] = await Promise.all([
      renderSocialReport(structuredClone(report), { color: '#7a1f5c' }),
      renderSocialReport(report, { color: '#7a1f5c' }),
    ])
    expect(sha256(second.bytes)).toBe(sha256(first.bytes))
    expect(sha256(third.bytes)).toBe(sha256(first.bytes))
  })

  test('and any other figure, day or colour gives others', async () => {
    const of = async (change: Partial<SocialReport>, color?: string) =>
      sha256((await renderSocialReport({ ...report, ...change }, color === undefined ? {} : { color })).bytes)
    const hashes = await Promise.all([of({}), of({ to: '2026-11-21' }), of({ totals: [{ label: 'Reach', value: 1 }] }), of({}, '#7a1f5c')])
    expect(new Set(hashes).size).toBe(4)
  })
})

describe('input that cannot be rendered is refused with its name', () => {
  test('dates and colours', async () => {
    await expect(renderSocialReport({ ...report, to: 'soon' })).rejects.toMatchObject({ facts: { code: 'report.date', kind: 'user' } })
    await expect(renderSocialReport(report, { color: 'red' })).rejects.toMatchObject({ facts: { code: 'report.color', kind: 'user' } })
  })
})

describe('figures and words', () => {
  test.each([
    [12.44, '+12.4 %'],
    [-3.25, '−3.3 %'],
    [0.04, 'no change'],
    [-0.04, 'no change'],
    [1234.5, '+1,234.5 %'],
  ])('a change of %d reads %s', (percent, text) => expect(change(percent)).toBe(text))

  test('figures are grouped, and what is not known is a dash', () => {
    expect([figure(1_234_567), figure(-5), figure(2.345), figure(undefined)]).toEqual(['1,234,567', '−5', '2.3', '–'])
  })

  test("a period of one day is one day, and days are those of the calendar whatever the machine's zone", () => {
    expect(period('2026-11-20', '2026-11-20')).toBe('20 November 2026')
    expect(period('2026-11-14T00:00:00.000Z', '2026-11-20T23:59:59.999Z')).toBe('14 November 2026 – 20 November 2026')
  })

  test('what the typeface lacks is dropped instead of drawn as boxes; other scripts and signs stay', () => {
    expect(printable('Ada’s 🎉 Café ©  Ελλάδα\u200B Київ 👩‍💻 #1 5️⃣\u0007\nx')).toBe('Ada’s Café © Ελλάδα Київ #1 5\nx')
  })

  test.each(['#000000', '#1d4e6b', '#ffd400', '#ffffff', '#767676', '#7f7f7f', '#00ff00', '#e8590c'])(
    'text and bars stay readable on and beside the colour %s',
    (color) => {
      const { band, onBand, onBandQuiet, strong } = palette(color)
      expect(contrast(band, onBand)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(band, onBandQuiet)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(strong, '#ffffff')).toBeGreaterThanOrEqual(3)
    },
  )
})

function contrast(one: string, other: string): number {
  const luminance = (hex: string): number =>
    [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * ([0.2126, 0.7152, 0.0722][at] ?? 0), 0)
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}
