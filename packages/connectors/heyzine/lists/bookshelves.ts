import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { BookshelfReply } from '../schemas/bookshelf.ts'

export const bookshelves = heyzine.list({
  scopes: [],
  async rows({ http }) {
    const replies = await http({ method: 'GET', path: '/bookshelf-list', reply: z.array(BookshelfReply) })
    return replies.map((reply) => ({
      value: reply.id,
      label: reply.title?.trim() || reply.id.slice(0, 10),
      hint: `${reply.flipbook_count ?? 0} flipbooks`,
    }))
  },
})
