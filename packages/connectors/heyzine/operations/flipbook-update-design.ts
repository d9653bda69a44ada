import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { designBody, designFields } from '../schemas/design.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { FlipbookId, SAMPLE_ID } from '../schemas/flipbook.ts'

export const flipbookUpdateDesign = heyzine.action({
  id: 'heyzine.flipbook.update-design',
  version: 1,
  title: 'Change a flipbook',
  summary:
    'Changes title, texts, tags, controls, colours or the own address of a flipbook. Fields left out stay as they are; an empty text blanks the field.',
  phrase: 'change a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Shows within seconds, also while texts of a fresh conversion still read empty.' },
    { mark: 'CONFIRMED', text: 'Heyzine ignores empty text; Couplet sends one space instead, which shows as blank.' },
    { mark: 'CONFIRMED', text: 'Tags given here replace all tags of the flipbook.' },
  ],
  scopes: [],
  input: z
    .object({ id: FlipbookId, ...designFields })
    .refine(
      (input) => Object.entries(input).some(([name, value]) => name !== 'id' && value !== undefined),
      'Give at least one field to change',
    ),
  output: z.object({ id: z.string().meta({ title: 'Flipbook id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Flipbook updated' }],
  rejects: [
    { input: { id: SAMPLE_ID }, because: 'nothing to change' },
    { input: { id: SAMPLE_ID, privateNote: 'n'.repeat(201) }, because: 'Heyzine answers 500 to a note over 200 characters' },
    { input: { id: SAMPLE_ID, backgroundColor: '#ffffff' }, because: 'colours go without #' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'sets absolute values' },
  async run({ input, http }) {
    const reply = await http({ method: 'PATCH', path: '/flipbook-design', body: { id: input.id, ...designBody(input) }, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Flipbook updated' }
  },
})
