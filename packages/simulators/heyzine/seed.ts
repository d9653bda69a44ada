import { hash } from 'node:crypto'
import { HEYZINE_FREE, HEYZINE_PREMIUM } from './credentials.ts'
import type { Account, Bookshelf, Flipbook, HeyzineState } from './state.ts'

const sha1 = (text: string): string => hash('sha1', text)

/** Title, subtitle, pages, day it was made, tags (labels of people; `ghl:` ones are left to integrations). */
type Sample = readonly [title: string, subtitle: string, pages: number, day: string, tags: string]

const PREMIUM_SAMPLES: readonly Sample[] = [
  ['Heat pump buyer’s guide', 'What to ask before you sign', 24, '2025-11-04', 'guides,heat-pumps,audience:homeowner'],
  ['Solar and battery brochure', 'Spring edition', 16, '2026-02-10', 'brochures,solar'],
  ['Boiler price list', 'Supplied and fitted, including VAT', 8, '2026-01-06', 'price-lists,internal'],
  ['Service plans at a glance', 'Three plans, one visit a year', 4, '2026-01-20', 'brochures'],
  ['Home insulation handbook', 'Loft, walls and floors', 32, '2025-09-15', 'guides,purpose:education'],
  ['EV charger installation guide', 'From survey to switch-on', 12, '2025-12-01', 'guides,ev'],
  ['Case studies', 'Eleven homes in Yorkshire', 20, '2026-03-02', 'stories,audience:homeowner'],
  ['Commercial rooftop solar', 'For landlords and schools', 18, '2026-02-24', 'brochures,solar,audience:business'],
  ['Bathroom refit lookbook', 'Ideas by room size', 28, '2025-10-08', ''],
  ['Trade partner price list', 'Valid to the end of June', 10, '2026-03-30', 'price-lists,partners'],
  ['Annual social report', 'How our channels grew', 6, '2026-01-15', 'reports'],
  ['Customer welcome pack', 'What happens after you say yes', 9, '2026-03-18', ''],
]

const FREE_SAMPLES: readonly Sample[] = [
  ['Garden room brochure', 'Four sizes, two finishes', 14, '2026-01-12', 'brochures'],
  ['Aftercare leaflet', 'Keep this with your paperwork', 2, '2026-02-03', ''],
  ['Kitchen price list', 'Doors, worktops and fitting', 6, '2026-03-11', 'price-lists'],
]

function sampleFlipbook(clientId: string, [title, subtitle, pages, day, tags]: Sample): Flipbook {
  const slug = title.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  const createdAt = Date.parse(`${day}T09:30:00Z`)
  return {
    id: `${sha1(`${clientId} ${title}`)}.pdf`,
    clientId,
    sourceUrl: `https://files.example.com/${slug}.pdf`,
    createdAt,
    texts: { title, subtitle, description: '', private_note: '', tags },
    design: { page_effect: 'magazine', download: true, show_info: true },
    social: {},
    document: {
      sha256: hash('sha256', title),
      sizeBytes: 90_000 + pages * 41_300,
      pages,
      aspectRatio: 0.7067,
      revision: 0,
      suffix: 0,
      isSample: true,
    },
    conversion: { state: 'processed', readyAt: createdAt, isAsync: false, why: null },
    settling: null,
  }
}

/** A bookshelf as the web app makes it. */
export const newBookshelf = (clientId: string, title: string, createdAt: number, flipbookIds: string[]): Bookshelf => ({
  id: sha1(`shelf ${clientId} ${title} ${createdAt}`),
  clientId,
  createdAt,
  title,
  subtitle: '',
  description: '',
  social: {},
  flipbookIds,
})

const account = (credentials: { clientId: string; apiKey: string }, plan: Account['plan']): Account => ({
  ...credentials,
  plan,
  hasReplace: false,
  whiteLabelHost: null,
  leadsHook: null,
})

/** Two accounts, Premium and Free; with `sample`, flipbooks in both and three bookshelves in the first. */
export function heyzineSeed(kind: 'sample' | 'empty'): HeyzineState {
  const accounts = [account(HEYZINE_PREMIUM, 'premium'), account(HEYZINE_FREE, 'free')]
  const nothing: HeyzineState = { accounts, flipbooks: [], bookshelves: [], protections: [], leads: [], leadDeliveries: [], sequence: 0 }
  if (kind === 'empty') return nothing
  const owner = HEYZINE_PREMIUM.clientId
  const premium = PREMIUM_SAMPLES.map((sample) => sampleFlipbook(owner, sample))
  const shelf = (title: string, label: string) =>
    newBookshelf(
      owner,
      title,
      Date.parse('2026-01-08T10:00:00Z'),
      premium.filter((flipbook) => flipbook.texts.tags.split(',').includes(label)).map(({ id }) => id),
    )
  return {
    ...nothing,
    flipbooks: [...premium, ...FREE_SAMPLES.map((sample) => sampleFlipbook(HEYZINE_FREE.clientId, sample))],
    bookshelves: [shelf('Guides for homeowners', 'guides'), shelf('Brochures', 'brochures'), shelf('Price lists', 'price-lists')],
  }
}
