import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { FlipbookReply } from '../schemas/flipbook.ts'

/** The newest 500 flipbooks; older ones are chosen by pasting their id. */
export const flipbooks = heyzine.list({
  scopes: [],
  async rows({ http }) {
    const replies = await http({ method: 'GET', path: '/flipbook-list', query: { limit: 500 }, reply: z.array(FlipbookReply) })
    return replies.map((reply) => ({
      value: reply.id,
      label: reply.title?.trim() || reply.id.slice(0, 10),
      hint: [reply.pages ? `${reply.pages} pages` : '', reply.date?.slice(0, 10) ?? ''].filter(Boolean).join(' · '),
    }))
  },
})
