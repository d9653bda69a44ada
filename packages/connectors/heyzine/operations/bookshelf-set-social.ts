import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { BookshelfId, SAMPLE_SHELF_ID } from '../schemas/flipbook.ts'
import { hasSocialField, socialFields } from '../schemas/social.ts'

export const bookshelfSetSocial = heyzine.action({
  id: 'heyzine.bookshelf.set-social',
  version: 1,
  title: 'Set the social card of a bookshelf',
  summary: 'Sets title, description or image that social networks show when the bookshelf is shared.',
  phrase: 'set the social card of a bookshelf in {connection}',
  group: 'Bookshelves',
  facts: [{ mark: 'ASSUMED', text: 'At least one field is needed, as for flipbooks.' }],
  scopes: [],
  input: z.object({ id: BookshelfId, ...socialFields }).refine(hasSocialField, 'Give a title, a description or an image'),
  output: z.object({ id: z.string().meta({ title: 'Bookshelf id' }), message }),
  samples: [{ id: SAMPLE_SHELF_ID, message: 'Social card set' }],
  rejects: [{ input: { id: SAMPLE_SHELF_ID }, because: 'at least one field' }],
  effect: { kind: 'write', resend: 'harmless', because: 'sets absolute values' },
  async run({ input, http }) {
    const reply = await http({ method: 'POST', path: '/bookshelf-social', body: input, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Social card set' }
  },
})
