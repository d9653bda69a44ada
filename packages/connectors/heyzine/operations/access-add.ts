import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { ACCESS_TYPES, NEEDS_PASSWORD, NEEDS_USER, protectedThing } from '../schemas/access.ts'
import { DoneReply, message } from '../schemas/done.ts'
import { SAMPLE_ID } from '../schemas/flipbook.ts'

export const accessAdd = heyzine.action({
  id: 'heyzine.access.add',
  version: 1,
  title: 'Let a reader in',
  summary: 'Adds a reader or a password to a protected flipbook or bookshelf. Heyzine cannot list who is in.',
  phrase: 'let a reader into a flipbook in {connection}',
  group: 'Access',
  facts: [
    { mark: 'CONFIRMED', text: 'Access by e-mail needs the Premium plan.' },
    { mark: 'REPORTED', text: 'One source names a further kind, email_code; it is not offered.' },
  ],
  scopes: [],
  input: z
    .object({
      ...protectedThing,
      accessType: z.enum(ACCESS_TYPES).meta({ title: 'How the reader gets in' }),
      user: z.string().min(1).optional().meta({ title: 'User name or e-mail' }),
      password: z.string().min(1).optional().meta({ title: 'Password', secret: true }),
    })
    .superRefine((input, context) => {
      if (NEEDS_USER.includes(input.accessType) && input.user === undefined)
        context.addIssue({ code: 'custom', path: ['user'], message: 'This kind of access needs a user name or e-mail' })
      if (NEEDS_PASSWORD.includes(input.accessType) && input.password === undefined)
        context.addIssue({ code: 'custom', path: ['password'], message: 'This kind of access needs a password' })
    }),
  output: z.object({ id: z.string().meta({ title: 'Flipbook or bookshelf id' }), message }),
  samples: [{ id: SAMPLE_ID, message: 'Access added' }],
  rejects: [
    { input: { id: SAMPLE_ID, accessType: 'user_pass', password: 'spring' }, because: 'a user name is needed' },
    { input: { id: SAMPLE_ID, accessType: 'pass_only' }, because: 'a password is needed' },
  ],
  effect: { kind: 'write', resend: 'never', because: 'Heyzine cannot list entries, and whether a repeat makes a second one is not known' },
  async run({ input, http }) {
    const body = { name: input.id, access_type: input.accessType, user: input.user, password: input.password, type: input.thing }
    const reply = await http({ method: 'POST', path: '/access-add', body, reply: DoneReply })
    return { id: input.id, message: reply.msg ?? 'Access added' }
  },
})
