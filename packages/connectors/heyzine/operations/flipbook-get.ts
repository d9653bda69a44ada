import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { FlipbookDetails, FlipbookId, FlipbookReply, sampleFlipbook, toFlipbookDetails } from '../schemas/flipbook.ts'

export const flipbookGet = heyzine.action({
  id: 'heyzine.flipbook.get',
  version: 1,
  title: 'Get a flipbook',
  summary: 'Reads one flipbook with its tags, as a list and as the text Heyzine keeps.',
  phrase: 'read a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [{ mark: 'CONFIRMED', text: 'Needs the full id; a short one is answered as unknown.' }],
  scopes: [],
  input: z.object({ id: FlipbookId }),
  output: FlipbookDetails,
  samples: [
    {
      ...sampleFlipbook,
      tags: ['ghl', 'ghl:spring-launch'],
      tagsText: 'ghl,ghl:spring-launch',
      embedHtml: '<iframe src="https://heyzine.com/flip-book/1a2b3c4d5e.html"></iframe>',
    },
  ],
  rejects: [{ input: { id: '1a2b3c4d5e' }, because: 'a short id is not known to the API' }],
  effect: { kind: 'read' },
  run: async ({ input, http }) =>
    toFlipbookDetails(await http({ method: 'GET', path: '/flipbook-details', query: { id: input.id }, reply: FlipbookReply })),
})
