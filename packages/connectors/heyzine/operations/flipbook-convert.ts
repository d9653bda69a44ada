import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { Conversion, ConversionReply, sampleConversion, toConversion } from '../schemas/conversion.ts'
import { designBody, designFields } from '../schemas/design.ts'
import { SourceUrl } from '../schemas/flipbook.ts'

export const flipbookConvert = heyzine.action({
  id: 'heyzine.flipbook.convert',
  version: 1,
  title: 'Convert a PDF into a flipbook',
  summary:
    'Has Heyzine fetch a document and turn it into a flipbook; the run sleeps until it is ready, 15 minutes at most. The same address gives the same flipbook again, never a second one.',
  phrase: 'convert a PDF into a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Heyzine fetches the document itself: local addresses, passwords and redirects cannot work.' },
    {
      mark: 'CONFIRMED',
      text: 'Title, tags and note can read empty for up to 10 minutes; "Change a flipbook" afterwards makes them show within seconds.',
    },
    { mark: 'CONFIRMED', text: 'On the Free plan a sixth flipbook removes the oldest.' },
    { mark: 'ASSUMED', text: 'A changed query string is another address, hence another flipbook.' },
  ],
  scopes: [],
  input: z.object({ pdf: SourceUrl, ...designFields }),
  output: Conversion,
  samples: [sampleConversion],
  rejects: [
    { input: { pdf: 'report.pdf' }, because: 'Heyzine needs a full address it can fetch' },
    {
      input: { pdf: 'https://files.example.com/a.pdf', privateNote: 'n'.repeat(201) },
      because: 'over 200 characters Heyzine drops title, tags and note without a word',
    },
    { input: { pdf: 'https://files.example.com/a.pdf', tags: [' , '] }, because: 'no tag is left' },
    { input: { pdf: 'https://files.example.com/a.pdf', template: '1a2b3c4d5e' }, because: 'a short id is not known to the API' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'the same address always gives the same flipbook' },
  async run(call) {
    const { input, connection, http } = call
    // There is no status endpoint: the same call is repeated until the state is final (CONFIRMED).
    const reply = await http({
      method: 'POST',
      path: '/async',
      body: { pdf: input.pdf, client_id: connection.clientId, ...designBody(input) },
      reply: ConversionReply,
    })
    if (reply.state !== 'processed') {
      call.log('Heyzine is converting', { id: reply.id, state: reply.state ?? null })
      return call.again({ afterMs: 5_000, giveUpAfterMs: 15 * 60_000, because: 'Heyzine did not finish the conversion within 15 minutes.' })
    }
    return toConversion(reply)
  },
})
