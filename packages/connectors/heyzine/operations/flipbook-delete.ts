import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { FlipbookId, SAMPLE_ID } from '../schemas/flipbook.ts'

export const flipbookDelete = heyzine.action({
  id: 'heyzine.flipbook.delete',
  version: 1,
  title: 'Delete a flipbook',
  summary: 'Deletes a flipbook for good, with its public address. It cannot be brought back; a new conversion gets a new id.',
  phrase: 'delete a flipbook in {connection}',
  group: 'Flipbooks',
  scopes: [],
  input: z.object({ id: FlipbookId }),
  output: z.object({ id: z.string().meta({ title: 'Flipbook id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Flipbook deleted' }],
  rejects: [{ input: { id: 'https://heyzine.com/flip-book/1a2b3c4d5e.html' }, because: 'an address is not an id' }],
  effect: { kind: 'write', resend: 'never', because: 'deleting is permanent, so a person decides when nobody knows whether it happened' },
  async run({ input, http }) {
    const reply = await http({ method: 'POST', path: '/flipbook-delete', body: { id: input.id }, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Flipbook deleted' }
  },
})
