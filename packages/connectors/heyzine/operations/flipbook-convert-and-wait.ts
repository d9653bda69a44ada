import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Conversion, ConversionReply, sampleConversion, toConversion } from '../schemas/conversion.ts'
import { designBody, designFields } from '../schemas/design.ts'
import { SourceUrl } from '../schemas/flipbook.ts'

export const flipbookConvertAndWait = heyzine.action({
  id: 'heyzine.flipbook.convert-and-wait',
  version: 1,
  title: 'Convert a PDF and wait for it',
  summary:
    'Converts in one call that stays open until the flipbook is ready, often 8 to 30 seconds and at worst several minutes. Can also have Heyzine fetch the document again and replace the old pages.',
  phrase: 'convert a PDF into a flipbook in {connection} and wait for it',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Replacing works with this call only: the async one says "processed" and keeps the old document.' },
    { mark: 'ASSUMED', text: 'How a failed blocking conversion is answered is not known for sure.' },
  ],
  scopes: [],
  input: z.object({
    pdf: SourceUrl,
    replace: z
      .boolean()
      .default(false)
      .meta({ title: 'Fetch the document again', description: 'Replaces the pages of the flipbook made from this address.' }),
    ...designFields,
  }),
  output: Conversion,
  samples: [sampleConversion],
  rejects: [{ input: { pdf: 'ftp://files.example.com/a.pdf' }, because: 'Heyzine fetches over http and https' }],
  effect: {
    kind: 'write',
    resend: 'harmless',
    because: 'the same address always gives the same flipbook, and replacing fetches the same document again',
  },
  timeout: '15 m',
  async run({ input, connection, http }) {
    const body = { pdf: input.pdf, client_id: connection.clientId, ...designBody(input), ...(input.replace ? { replace: true } : {}) }
    return toConversion(await http({ method: 'POST', path: '/rest', body, timeoutMs: 15 * 60_000, reply: ConversionReply }))
  },
})
