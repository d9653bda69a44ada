import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply } from '../schemas/done.ts'
import { BookshelfId, FlipbookId, SAMPLE_ID, SAMPLE_SHELF_ID } from '../schemas/flipbook.ts'
import { readShelf } from '../schemas/shelf-flipbooks.ts'

export const bookshelfAdd = heyzine.action({
  id: 'heyzine.bookshelf.add',
  version: 1,
  title: 'Put a flipbook on a bookshelf',
  summary: 'Adds a flipbook to a bookshelf, at a position or at the end. Needs the Premium plan.',
  phrase: 'put a flipbook on a bookshelf in {connection}',
  group: 'Bookshelves',
  scopes: [],
  input: z.object({
    id: BookshelfId,
    flipbookId: FlipbookId,
    position: z.int().nonnegative().optional().meta({ title: 'Position', description: 'The first is 0. Left out: at the end.' }),
  }),
  output: z.object({
    id: z.string().meta({ title: 'Bookshelf id' }),
    flipbookId: z.string().meta({ title: 'Flipbook id' }),
    wasThere: z.boolean().meta({ title: 'Was already on the shelf' }),
  }),
  samples: [{ id: SAMPLE_SHELF_ID, flipbookId: SAMPLE_ID, wasThere: false }],
  rejects: [{ input: { id: SAMPLE_SHELF_ID, flipbookId: SAMPLE_ID, position: -1 }, because: 'the first position is 0' }],
  calls: 2,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'whether Heyzine puts the same flipbook on a shelf twice is not known',
    async lookup({ input, http }) {
      const isThere = (await readShelf(http, input.id)).some((flipbook) => flipbook.id === input.flipbookId)
      return isThere ? { id: input.id, flipbookId: input.flipbookId, wasThere: true } : undefined
    },
  },
  async run({ input, http }) {
    const wasThere = (await readShelf(http, input.id)).some((flipbook) => flipbook.id === input.flipbookId)
    if (!wasThere)
      await http({
        method: 'POST',
        path: '/bookshelf-add',
        body: { id: input.id, flipbook_id: input.flipbookId, position: input.position },
        reply: DoneReply,
      })
    return { id: input.id, flipbookId: input.flipbookId, wasThere }
  },
})
