import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { tagsFromText } from './tags.ts'

const FULL_FLIPBOOK_ID = /^[0-9a-f]{40}\.pdf$/i
const FULL_SHELF_ID = /^[0-9a-f]{40}$/i

/** A full flipbook id. Short ids and addresses are refused here, because Heyzine answers them with "Unauthorized" (CONFIRMED). */
export const FlipbookId = pick('flipbooks')
  .regex(FULL_FLIPBOOK_ID, 'Must be the full id: 40 characters and .pdf')
  .meta({
    title: 'Flipbook',
    list: 'flipbooks',
    given: [],
    placeholder: '40 characters and .pdf',
    examples: ['1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d.pdf'],
  })

export const BookshelfId = pick('bookshelves').regex(FULL_SHELF_ID, 'Must be the full id: 40 characters').meta({
  title: 'Bookshelf',
  list: 'bookshelves',
  given: [],
  placeholder: '40 characters',
  description: 'Shelves need the Premium plan and are made in Heyzine by hand.',
})

/** A public address Heyzine itself can fetch. */
export const SourceUrl = z.url({ protocol: /^https?$/ }).meta({
  title: 'Address of the PDF',
  description: 'Public, without redirect or password. The same address always gives the same flipbook, so keep it stable.',
  placeholder: 'https://…/report.pdf',
  examples: ['https://files.example.com/social-report.pdf'],
})

const text = z.string().nullish()

/** A flipbook as list and details answer it; what the contract does not promise may be missing. */
export const FlipbookReply = z.looseObject({
  id: z.string(),
  date: text,
  title: text,
  subtitle: text,
  description: text,
  private: text,
  pages: z.number().nullish(),
  size: z.number().nullish(),
  tags: text,
  position: z.number().nullish(),
  links: z.looseObject({ custom: text, base: text, thumbnail: text, pdf: text }).nullish(),
  oembed: z.looseObject({ html: text }).nullish(),
})

export const Flipbook = z
  .object({
    id: z.string().meta({ title: 'Flipbook id' }),
    title: z.string().meta({ title: 'Title' }),
    subtitle: z.string().meta({ title: 'Subtitle' }),
    description: z.string().meta({ title: 'Description' }),
    privateNote: z.string().meta({ title: 'Private note' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    pages: z.int().optional().meta({ title: 'Pages' }),
    sizeBytes: z.int().optional().meta({ title: 'Size in bytes' }),
    url: z.string().optional().meta({ title: 'Public address', description: 'The own address when there is one.' }),
    thumbnail: z.string().optional().meta({ title: 'Cover image' }),
    storedPdf: z
      .string()
      .optional()
      .meta({ title: 'Stored PDF', description: 'The copy Heyzine keeps; its name changes when the PDF is replaced.' }),
  })
  .meta({ title: 'Flipbook' })

export const FlipbookDetails = Flipbook.extend({
  tags: z.array(z.string()).meta({ title: 'Tags' }),
  tagsText: z.string().meta({ title: 'Tags as text', description: 'Exactly as Heyzine keeps them: one text, comma separated.' }),
  embedHtml: z.string().optional().meta({ title: 'Embed code' }),
}).meta({ title: 'Flipbook with tags' })

/** Blank text is one space at Heyzine; ours is empty. */
const clean = (value: string | null | undefined): string => (value ?? '').trim()

export const toFlipbook = (reply: z.output<typeof FlipbookReply>): z.output<typeof Flipbook> => ({
  id: reply.id,
  title: clean(reply.title),
  subtitle: clean(reply.subtitle),
  description: clean(reply.description),
  privateNote: clean(reply.private),
  createdAt: reply.date ?? undefined,
  pages: reply.pages ?? undefined,
  sizeBytes: reply.size ?? undefined,
  url: reply.links?.custom ?? reply.links?.base ?? undefined,
  thumbnail: reply.links?.thumbnail ?? undefined,
  storedPdf: reply.links?.pdf ?? undefined,
})

export const toFlipbookDetails = (reply: z.output<typeof FlipbookReply>): z.output<typeof FlipbookDetails> => ({
  ...toFlipbook(reply),
  tags: tagsFromText(reply.tags),
  tagsText: reply.tags ?? '',
  embedHtml: reply.oembed?.html ?? undefined,
})

export const SAMPLE_ID = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d.pdf'
export const SAMPLE_SHELF_ID = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432'

export const sampleFlipbook = {
  id: SAMPLE_ID,
  title: 'Social report',
  subtitle: 'Leeds',
  description: '',
  privateNote: 'managed by Couplet',
  createdAt: '2026-09-15T08:10:00Z',
  pages: 4,
  sizeBytes: 182_044,
  url: 'https://heyzine.com/flip-book/1a2b3c4d5e.html',
  thumbnail: 'https://cdn.example.com/1a2b3c4d5e.jpg',
  storedPdf: 'https://cdn.example.com/1a2b3c4d5e.pdf',
} satisfies z.input<typeof Flipbook>
