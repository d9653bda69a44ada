import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Flipbook, FlipbookReply, sampleFlipbook, toFlipbook } from '../schemas/flipbook.ts'

const PAGE_SIZE = 200

export const flipbookList = heyzine.action({
  id: 'heyzine.flipbook.list',
  version: 1,
  title: 'List flipbooks',
  summary:
    'Reads the flipbooks of the account, newest first, page by page up to a maximum. Tags are not in this list: read them with "Get a flipbook".',
  phrase: 'list the flipbooks in {connection}',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Paged by limit and offset; the list carries no tags.' },
    { mark: 'REPORTED', text: 'Filters of the vendor (search, tag) are not reliable; Couplet filters on its side.' },
  ],
  scopes: [],
  input: z.object({
    max: z.int().min(1).max(5_000).default(1_000).meta({ title: 'At most' }),
    titleContains: z.string().optional().meta({ title: 'Title contains', description: 'Without regard to capitals.' }),
  }),
  output: z.object({
    flipbooks: z.array(Flipbook).meta({ title: 'Flipbooks' }),
    count: z.int().meta({ title: 'Number of flipbooks' }),
    isComplete: z.boolean().meta({ title: 'All were read', description: 'No when the maximum cut the list.' }),
  }),
  samples: [{ flipbooks: [sampleFlipbook], count: 1, isComplete: true }],
  rejects: [{ input: { max: 0 }, because: 'at least one' }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  async run({ input, http }) {
    const seen = new Map<string, z.output<typeof Flipbook>>()
    let isComplete = false
    // Bounded by the maximum: every round but the last adds at least one flipbook that was not seen.
    while (!isComplete && seen.size < input.max) {
      const before = seen.size
      const page = await http({
        method: 'GET',
        path: '/flipbook-list',
        query: { limit: PAGE_SIZE, offset: before },
        reply: z.array(FlipbookReply),
      })
      for (const reply of page) seen.set(reply.id, toFlipbook(reply))
      isComplete = page.length < PAGE_SIZE || seen.size === before
    }
    const wanted = input.titleContains?.toLowerCase()
    const flipbooks = [...seen.values()]
      .slice(0, input.max)
      .filter((flipbook) => wanted === undefined || flipbook.title.toLowerCase().includes(wanted))
    return { flipbooks, count: flipbooks.length, isComplete: isComplete && seen.size <= input.max }
  },
})
