import { z } from 'zod'
import { heyzine } from '../connector.ts'

const text = z.string().nullish()
const size = z.union([z.number(), z.string()]).nullish()
const OembedReply = z.looseObject({ type: text, title: text, html: text, width: size, height: size, thumbnail_url: text })

/** Sizes of oEmbed may be numbers or text (`100%`); what is no number is left out. */
const pixels = (value: string | number | null | undefined): number | undefined => {
  const number = Number(value ?? Number.NaN)
  return Number.isFinite(number) ? number : undefined
}

export const oembedGet = heyzine.action({
  id: 'heyzine.oembed.get',
  version: 1,
  title: 'Get the embed code of a flipbook',
  summary: 'Reads the code that shows a flipbook inside another page, from its public address.',
  phrase: 'read the embed code of a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [{ mark: 'CONFIRMED', text: 'A public call: it works for any Heyzine address.' }],
  scopes: [],
  input: z.object({
    url: z.url().meta({ title: 'Public address of the flipbook', placeholder: 'https://heyzine.com/flip-book/….html' }),
    maxWidth: z.int().positive().optional().meta({ title: 'Widest, in pixels', advanced: true }),
    maxHeight: z.int().positive().optional().meta({ title: 'Highest, in pixels', advanced: true }),
  }),
  output: z.object({
    html: z.string().meta({ title: 'Embed code' }),
    title: z.string().meta({ title: 'Title' }),
    width: z.number().optional().meta({ title: 'Width' }),
    height: z.number().optional().meta({ title: 'Height' }),
    thumbnail: z.string().optional().meta({ title: 'Cover image' }),
  }),
  samples: [
    {
      html: '<iframe src="https://heyzine.com/flip-book/1a2b3c4d5e.html"></iframe>',
      title: 'Social report',
      width: 800,
      height: 500,
      thumbnail: 'https://cdn.example.com/1a2b3c4d5e.jpg',
    },
  ],
  rejects: [{ input: { url: '1a2b3c4d5e' }, because: 'an address is needed, not an id' }],
  effect: { kind: 'read' },
  cacheFor: '1 h',
  async run({ input, http }) {
    const reply = await http({
      method: 'GET',
      path: '/oembed',
      query: { url: input.url, format: 'json', maxwidth: input.maxWidth, maxheight: input.maxHeight },
      reply: OembedReply,
    })
    return {
      html: reply.html ?? '',
      title: reply.title ?? '',
      width: pixels(reply.width),
      height: pixels(reply.height),
      thumbnail: reply.thumbnail_url ?? undefined,
    }
  },
})
