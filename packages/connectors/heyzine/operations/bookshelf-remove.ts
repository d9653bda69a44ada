import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply } from '../schemas/done.ts'
import { BookshelfId, FlipbookId, SAMPLE_ID, SAMPLE_SHELF_ID } from '../schemas/flipbook.ts'
import { readShelf } from '../schemas/shelf-flipbooks.ts'

export const bookshelfRemove = heyzine.action({
  id: 'heyzine.bookshelf.remove',
  version: 1,
  title: 'Take a flipbook off a bookshelf',
  summary: 'Removes a flipbook from a bookshelf. The flipbook itself stays.',
  phrase: 'take a flipbook off a bookshelf in {connection}',
  group: 'Bookshelves',
  scopes: [],
  input: z.object({ id: BookshelfId, flipbookId: FlipbookId }),
  output: z.object({
    id: z.string().meta({ title: 'Bookshelf id' }),
    flipbookId: z.string().meta({ title: 'Flipbook id' }),
    wasThere: z.boolean().meta({ title: 'Was on the shelf' }),
  }),
  samples: [{ id: SAMPLE_SHELF_ID, flipbookId: SAMPLE_ID, wasThere: true }],
  rejects: [{ input: { id: SAMPLE_SHELF_ID, flipbookId: '1a2b3c4d5e' }, because: 'a short id is not known to the API' }],
  calls: 2,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'how Heyzine answers a second removal is not known',
    async lookup({ input, http }) {
      const isThere = (await readShelf(http, input.id)).some((flipbook) => flipbook.id === input.flipbookId)
      return isThere ? undefined : { id: input.id, flipbookId: input.flipbookId, wasThere: true }
    },
  },
  async run({ input, http }) {
    const wasThere = (await readShelf(http, input.id)).some((flipbook) => flipbook.id === input.flipbookId)
    if (wasThere)
      await http({ method: 'POST', path: '/bookshelf-remove', body: { id: input.id, flipbook_id: input.flipbookId }, reply: DoneReply })
    return { id: input.id, flipbookId: input.flipbookId, wasThere }
  },
})
