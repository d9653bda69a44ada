import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { protectedThing } from '../schemas/access.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { SAMPLE_ID } from '../schemas/flipbook.ts'

export const accessSetUp = heyzine.action({
  id: 'heyzine.access.set-up',
  version: 1,
  title: 'Protect a flipbook or bookshelf',
  summary: 'Chooses how readers get in: everybody with one password, named readers only, or no protection.',
  phrase: 'set the protection of a flipbook in {connection}',
  group: 'Access',
  scopes: [],
  input: z
    .object({
      ...protectedThing,
      mode: z
        .enum(['users', 'everyone', 'disabled'])
        .meta({ title: 'Who may read', description: 'users: named readers · everyone: one password for all · disabled: no protection' }),
      password: z.string().min(1).optional().meta({ title: 'Password for all', secret: true }),
      userLabel: z.string().min(1).optional().meta({ title: 'Label of the user field', advanced: true }),
      passwordLabel: z.string().min(1).optional().meta({ title: 'Label of the password field', advanced: true }),
    })
    .refine((input) => input.mode !== 'everyone' || input.password !== undefined, {
      path: ['password'],
      message: 'One password for all needs a password',
    }),
  output: z.object({ id: z.string().meta({ title: 'Flipbook or bookshelf id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Access updated' }],
  rejects: [{ input: { id: SAMPLE_ID, mode: 'everyone' }, because: 'one password for all needs a password' }],
  effect: { kind: 'write', resend: 'harmless', because: 'sets the mode and the password to given values' },
  async run({ input, http }) {
    const body = {
      name: input.id,
      mode: input.mode,
      password: input.password,
      text_user: input.userLabel,
      text_password: input.passwordLabel,
      type: input.thing,
    }
    const reply = await http({ method: 'POST', path: '/access-setup', body, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Access updated' }
  },
})
