import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Conversion, ConversionReply, sampleConversion, toConversion } from '../schemas/conversion.ts'
import { SourceUrl } from '../schemas/flipbook.ts'

export const flipbookRefresh = heyzine.action({
  id: 'heyzine.flipbook.refresh',
  version: 1,
  title: 'Refresh a flipbook',
  summary:
    'Has Heyzine fetch the document behind the same address again. Id, public address, title, tags and note stay; only the pages change.',
  phrase: 'refresh the pages of a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'Works on any account, with the very address the flipbook was made from. If that was never converted, a new flipbook is made.',
    },
    { mark: 'REPORTED', text: 'Reader statistics are said to survive.' },
  ],
  scopes: [],
  input: z.object({ pdf: SourceUrl }),
  output: Conversion,
  samples: [sampleConversion],
  rejects: [{ input: {}, because: 'the address of the document is needed' }],
  effect: { kind: 'write', resend: 'harmless', because: 'fetching the same document once more leaves the same pages' },
  timeout: '15 m',
  async run({ input, connection, http }) {
    const body = { pdf: input.pdf, client_id: connection.clientId, replace: true }
    return toConversion(await http({ method: 'POST', path: '/rest', body, timeoutMs: 15 * 60_000, reply: ConversionReply }))
  },
})
