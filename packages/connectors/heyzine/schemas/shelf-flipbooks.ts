import type { Http } from '@couplet/connector-sdk'
import { z } from 'zod'
import { FlipbookReply } from './flipbook.ts'

/** The flipbooks of a shelf, in shelf order as Heyzine gives it. Throws `not-found` when the shelf is not known. */
export const readShelf = (http: Http, id: string): Promise<z.output<typeof FlipbookReply>[]> =>
  http({ method: 'GET', path: '/bookshelf-flipbooks', query: { id }, reply: z.array(FlipbookReply) })
