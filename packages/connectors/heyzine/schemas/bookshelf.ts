import { z } from 'zod'
import { SAMPLE_SHELF_ID } from './flipbook.ts'

const text = z.string().nullish()

export const BookshelfReply = z.looseObject({
  id: z.string(),
  date: text,
  title: text,
  subtitle: text,
  description: text,
  flipbook_count: z.number().nullish(),
  links: z.looseObject({ url: text, thumbnail: text }).nullish(),
})

export const Bookshelf = z
  .object({
    id: z.string().meta({ title: 'Bookshelf id' }),
    title: z.string().meta({ title: 'Title' }),
    subtitle: z.string().meta({ title: 'Subtitle' }),
    description: z.string().meta({ title: 'Description' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    flipbookCount: z.int().optional().meta({ title: 'Flipbooks on it' }),
    url: z.string().optional().meta({ title: 'Public address' }),
    thumbnail: z.string().optional().meta({ title: 'Cover image' }),
  })
  .meta({ title: 'Bookshelf' })

export const toBookshelf = (reply: z.output<typeof BookshelfReply>): z.output<typeof Bookshelf> => ({
  id: reply.id,
  title: reply.title ?? '',
  subtitle: reply.subtitle ?? '',
  description: reply.description ?? '',
  createdAt: reply.date ?? undefined,
  flipbookCount: reply.flipbook_count ?? undefined,
  url: reply.links?.url ?? undefined,
  thumbnail: reply.links?.thumbnail ?? undefined,
})

export const sampleBookshelf = {
  id: SAMPLE_SHELF_ID,
  title: 'Client reports',
  subtitle: '',
  description: '',
  createdAt: '2026-08-01T09:00:00Z',
  flipbookCount: 12,
  url: 'https://heyzine.com/shelf/9f8e7d6c5b.html',
} satisfies z.input<typeof Bookshelf>
