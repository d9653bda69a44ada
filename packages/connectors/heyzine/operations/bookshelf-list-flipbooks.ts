import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { BookshelfId, Flipbook, sampleFlipbook, toFlipbook } from '../schemas/flipbook.ts'
import { readShelf } from '../schemas/shelf-flipbooks.ts'

const ShelfFlipbook = Flipbook.extend({ position: z.int().optional().meta({ title: 'Position', description: 'The first is 0.' }) }).meta({
  title: 'Flipbook on a shelf',
})

export const bookshelfListFlipbooks = heyzine.action({
  id: 'heyzine.bookshelf.list-flipbooks',
  version: 1,
  title: 'List the flipbooks of a bookshelf',
  summary: 'Reads which flipbooks stand on a bookshelf, and where.',
  phrase: 'list the flipbooks of a bookshelf in {connection}',
  group: 'Bookshelves',
  scopes: [],
  input: z.object({ id: BookshelfId }),
  output: z.object({
    flipbooks: z.array(ShelfFlipbook).meta({ title: 'Flipbooks' }),
    count: z.int().meta({ title: 'Number of flipbooks' }),
  }),
  samples: [{ flipbooks: [{ ...sampleFlipbook, position: 0 }], count: 1 }],
  rejects: [{ input: { id: 'client-reports' }, because: 'the address of a shelf is not its id' }],
  effect: { kind: 'read' },
  async run({ input, http }) {
    const replies = await readShelf(http, input.id)
    return { flipbooks: replies.map((reply) => ({ ...toFlipbook(reply), position: reply.position ?? undefined })), count: replies.length }
  },
})
