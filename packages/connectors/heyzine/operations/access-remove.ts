import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { protectedThing } from '../schemas/access.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { SAMPLE_ID } from '../schemas/flipbook.ts'

export const accessRemove = heyzine.action({
  id: 'heyzine.access.remove',
  version: 1,
  title: 'Shut a reader out',
  summary: 'Removes a reader, or a password, from a protected flipbook or bookshelf.',
  phrase: 'shut a reader out of a flipbook in {connection}',
  group: 'Access',
  scopes: [],
  input: z
    .object({
      ...protectedThing,
      user: z.string().min(1).optional().meta({ title: 'User name or e-mail' }),
      password: z
        .string()
        .min(1)
        .optional()
        .meta({ title: 'Password', description: 'For entries that are a password only.', secret: true }),
    })
    .refine((input) => (input.user === undefined) !== (input.password === undefined), {
      path: ['user'],
      message: 'Give the user or the password, not both',
    }),
  output: z.object({ id: z.string().meta({ title: 'Flipbook or bookshelf id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Access removed' }],
  rejects: [
    { input: { id: SAMPLE_ID }, because: 'nobody named' },
    { input: { id: SAMPLE_ID, user: 'ann', password: 'spring' }, because: 'one of the two' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'an entry that is gone stays gone' },
  async run({ input, http }) {
    const reply = await http({
      method: 'POST',
      path: '/access-remove',
      body: { name: input.id, user: input.user, password: input.password, type: input.thing },
      reply: DoneReply,
    })
    return { id: input.id, message: reply.msg ?? 'Access removed' }
  },
})
