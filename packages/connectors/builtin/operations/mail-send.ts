import { z } from 'zod'
import { builtin } from '../connector.ts'
import { defined } from '../defined.ts'
import { ArtifactName } from '../schemas/artifact.ts'

const Address = z.email().max(254)

export const mailSend = builtin.action({
  id: 'builtin.mail.send',
  version: 1,
  title: 'Send an e-mail',
  summary:
    'Sends an e-mail from the address of this Couplet, with published files attached if wanted. The operator sets the mail server up.',
  phrase: 'send an e-mail',
  group: 'People',
  scopes: [],
  input: z.object({
    to: z
      .array(Address.meta({ title: 'Address' }))
      .min(1)
      .max(20)
      .meta({ title: 'To', description: 'Everybody named here sees the others.' }),
    subject: z.string().min(1).max(300).meta({ title: 'Subject' }),
    text: z.string().max(100_000).meta({ title: 'Text', multiline: true }),
    replyTo: Address.optional().meta({ title: 'Answers go to' }),
    attach: z
      .array(ArtifactName.meta({ title: 'Name of a published file' }))
      .max(5)
      .optional()
      .meta({ title: 'Attach published files', description: 'The names under which earlier steps published them.' }),
  }),
  output: z.object({
    messageId: z.string().meta({ title: 'Message id' }),
    refused: z.array(z.string().meta({ title: 'Address' })).meta({ title: 'Addresses that were refused' }),
  }),
  samples: [{ messageId: '<8f2c@couplet.example.com>', refused: [] }],
  rejects: [
    { input: { to: [], subject: 'Report', text: '' }, because: 'it goes to somebody' },
    { input: { to: ['ada@example.org\nBcc: eve@example.org'], subject: 'Report', text: '' }, because: 'an address is one address' },
  ],
  effect: { kind: 'write', resend: 'never', because: 'a mail server does not recognise a repeat, and nobody wants a mail twice' },
  run: async ({ input, host }) => {
    const { messageId, refused } = await host.mail.send(defined(input))
    return { messageId, refused: [...refused] }
  },
})
