import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { FlipbookId, SAMPLE_ID } from '../schemas/flipbook.ts'
import { hasSocialField, socialFields } from '../schemas/social.ts'

export const flipbookSetSocial = heyzine.action({
  id: 'heyzine.flipbook.set-social',
  version: 1,
  title: 'Set the social card of a flipbook',
  summary: 'Sets title, description or image that social networks show when the flipbook is shared.',
  phrase: 'set the social card of a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [{ mark: 'CONFIRMED', text: 'Networks cache these cards: an old one may show for a while.' }],
  scopes: [],
  input: z.object({ id: FlipbookId, ...socialFields }).refine(hasSocialField, 'Give a title, a description or an image'),
  output: z.object({ id: z.string().meta({ title: 'Flipbook id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Social card set' }],
  rejects: [{ input: { id: SAMPLE_ID }, because: 'at least one field' }],
  effect: { kind: 'write', resend: 'harmless', because: 'sets absolute values' },
  async run({ input, http }) {
    const reply = await http({ method: 'POST', path: '/flipbook-social', body: input, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Social card set' }
  },
})
