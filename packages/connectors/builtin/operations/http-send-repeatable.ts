import { z } from 'zod'
import { builtin } from '../connector.ts'
import { HttpAnswer, sampleAnswer, sendFields } from '../schemas/http.ts'
import { send } from '../send.ts'

export const httpSendRepeatable = builtin.action({
  id: 'builtin.http.send-repeatable',
  version: 1,
  title: 'Send to an address, repeatable',
  summary:
    'Sends JSON to any public address, and sends it again when the answer is lost. Choose this only when a repeat does no harm there.',
  phrase: 'send to an address, again if the answer is lost',
  group: 'Web',
  scopes: [],
  input: z.object(sendFields),
  output: HttpAnswer,
  samples: [sampleAnswer],
  rejects: [{ input: { url: 'api.example.com/items' }, because: 'a whole address is needed' }],
  effect: { kind: 'write', resend: 'harmless', because: 'the person who built the flow declared it repeatable' },
  run: ({ input, http }) => send(http, input),
})
