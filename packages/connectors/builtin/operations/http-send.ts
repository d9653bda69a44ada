import { z } from 'zod'
import { builtin } from '../connector.ts'
import { HttpAnswer, sampleAnswer, sendFields } from '../schemas/http.ts'
import { send } from '../send.ts'

export const httpSend = builtin.action({
  id: 'builtin.http.send',
  version: 1,
  title: 'Send to an address',
  summary: 'Sends JSON to any public address. Couplet does not know what a repeat would do there, so after a lost answer it asks a person.',
  phrase: 'send to an address',
  group: 'Web',
  scopes: [],
  input: z.object(sendFields),
  output: HttpAnswer,
  samples: [sampleAnswer],
  rejects: [
    { input: { url: 'https://api.example.com', method: 'GET' }, because: 'reading is an operation of its own' },
    { input: { url: 'https://api.example.com', headers: { Cookie: 'a=b' } }, because: 'secrets do not belong in a flow' },
  ],
  effect: { kind: 'write', resend: 'never', because: 'nothing is known about the server at the other end' },
  run: ({ input, http }) => send(http, input),
})
