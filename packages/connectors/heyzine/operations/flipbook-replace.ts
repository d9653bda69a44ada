import { userFault } from '@couplet/connector-sdk'
import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Conversion, ConversionReply, sampleConversion, toConversion } from '../schemas/conversion.ts'
import { FlipbookId, FlipbookReply, SAMPLE_ID, SourceUrl, toFlipbook } from '../schemas/flipbook.ts'

/** Whether it happened shows only in comparison with before. */
const cannotTell = () =>
  userFault({
    code: 'heyzine.replacement_unknown',
    message:
      'The answer of Heyzine was lost, and Couplet cannot see whether the PDF was replaced: the step does not say which one was there before.',
    hint: 'Look at the flipbook, then choose "It happened" or "Send again". Fill in "Stored PDF before" so that Couplet can see for itself.',
  })

export const flipbookReplace = heyzine.action({
  id: 'heyzine.flipbook.replace',
  version: 1,
  title: 'Replace the PDF of a flipbook',
  summary:
    'Puts another document behind an existing flipbook; id, address, texts, tags and design stay. Heyzine support must have enabled this for the account (paid plans). Without that, use "Refresh a flipbook".',
  phrase: 'replace the PDF of a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Off until support@heyzine.com enables it; until then Heyzine answers "Private API endpoint".' },
    {
      mark: 'CONFIRMED',
      text: 'The address must answer with exactly application/pdf (or the matching office type): no parameters, no octet-stream.',
    },
    { mark: 'ASSUMED', text: 'A host that refuses callers without a User-Agent does not work.' },
  ],
  scopes: [],
  input: z.object({
    id: FlipbookId,
    pdf: SourceUrl,
    storedPdfBefore: z.string().optional().meta({
      title: 'Stored PDF before',
      description:
        'From "Get a flipbook". With it, Couplet can see after a lost answer whether the replacement has already happened; without it, it asks you.',
      advanced: true,
    }),
  }),
  output: Conversion,
  samples: [{ ...sampleConversion, storedPdf: 'https://cdn.example.com/1a2b3c4d5e-1.pdf' }],
  rejects: [{ input: { id: SAMPLE_ID }, because: 'the new document is needed' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'each call makes another revision; the name of the stored PDF shows that it has happened',
    async lookup({ input, http }) {
      if (input.storedPdfBefore === undefined) throw cannotTell()
      const flipbook = toFlipbook(await http({ method: 'GET', path: '/flipbook-details', query: { id: input.id }, reply: FlipbookReply }))
      if (flipbook.storedPdf === undefined || flipbook.storedPdf === input.storedPdfBefore) return undefined
      return toConversion({
        id: flipbook.id,
        url: flipbook.url,
        thumbnail: flipbook.thumbnail,
        pdf: flipbook.storedPdf,
        meta: { num_pages: flipbook.pages },
      })
    },
  },
  run: async ({ input, http }) =>
    toConversion(await http({ method: 'POST', path: '/flipbook-replace', body: { id: input.id, pdf: input.pdf }, reply: ConversionReply })),
})
