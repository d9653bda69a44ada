import { z } from 'zod'
import { SAMPLE_ID } from './flipbook.ts'

/** What both conversion calls answer; `state` on the async one only. */
export const ConversionReply = z.looseObject({
  id: z.string(),
  url: z.string().nullish(),
  thumbnail: z.string().nullish(),
  pdf: z.string().nullish(),
  meta: z.looseObject({ num_pages: z.number().nullish(), aspect_ratio: z.number().nullish() }).nullish(),
  state: z.string().nullish(),
})

export const Conversion = z
  .object({
    id: z.string().meta({ title: 'Flipbook id' }),
    url: z.string().meta({ title: 'Public address' }),
    thumbnail: z.string().optional().meta({ title: 'Cover image' }),
    storedPdf: z.string().optional().meta({ title: 'Stored PDF' }),
    pages: z.int().optional().meta({ title: 'Pages' }),
    aspectRatio: z.number().optional().meta({ title: 'Width divided by height' }),
  })
  .meta({ title: 'Converted flipbook' })

/** The public address may be left out of an answer; it follows from the first ten digits of the id (CONFIRMED form). */
export const toConversion = (reply: z.output<typeof ConversionReply>): z.output<typeof Conversion> => ({
  id: reply.id,
  url: reply.url ?? `https://heyzine.com/flip-book/${reply.id.slice(0, 10)}.html`,
  thumbnail: reply.thumbnail ?? undefined,
  storedPdf: reply.pdf ?? undefined,
  pages: reply.meta?.num_pages ?? undefined,
  aspectRatio: reply.meta?.aspect_ratio ?? undefined,
})

export const sampleConversion = {
  id: SAMPLE_ID,
  url: 'https://heyzine.com/flip-book/1a2b3c4d5e.html',
  thumbnail: 'https://cdn.example.com/1a2b3c4d5e.jpg',
  storedPdf: 'https://cdn.example.com/1a2b3c4d5e.pdf',
  pages: 4,
  aspectRatio: 0.75,
} satisfies z.input<typeof Conversion>
