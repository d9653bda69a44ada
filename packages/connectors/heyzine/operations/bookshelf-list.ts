import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Bookshelf, BookshelfReply, sampleBookshelf, toBookshelf } from '../schemas/bookshelf.ts'

export const bookshelfList = heyzine.action({
  id: 'heyzine.bookshelf.list',
  version: 1,
  title: 'List bookshelves',
  summary: 'Reads all bookshelves of the account. Shelves need the Premium plan and are made, renamed and deleted in Heyzine by hand.',
  phrase: 'list the bookshelves in {connection}',
  group: 'Bookshelves',
  facts: [{ mark: 'ASSUMED', text: 'No endpoint creates, renames or deletes a shelf.' }],
  scopes: [],
  input: z.object({}),
  output: z.object({
    bookshelves: z.array(Bookshelf).meta({ title: 'Bookshelves' }),
    count: z.int().meta({ title: 'Number of bookshelves' }),
  }),
  samples: [{ bookshelves: [sampleBookshelf], count: 1 }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ http }) {
    const bookshelves = (await http({ method: 'GET', path: '/bookshelf-list', reply: z.array(BookshelfReply) })).map(toBookshelf)
    return { bookshelves, count: bookshelves.length }
  },
})
