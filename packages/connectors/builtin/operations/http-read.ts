import { z } from 'zod'
import { builtin } from '../connector.ts'
import { HttpAnswer, httpPace, httpTarget, sampleAnswer, toHttpAnswer } from '../schemas/http.ts'

export const httpRead = builtin.action({
  id: 'builtin.http.read',
  version: 1,
  title: 'Read an address',
  summary: 'Gets JSON or text from any public address. For calls that change nothing at the other end.',
  phrase: 'read an address',
  group: 'Web',
  scopes: [],
  input: z.object({ ...httpTarget, ...httpPace }),
  output: HttpAnswer,
  samples: [sampleAnswer],
  rejects: [
    { input: { url: 'file:///etc/hosts' }, because: 'only http and https' },
    { input: { url: 'https://api.example.com', headers: { Authorization: 'Bearer x' } }, because: 'secrets do not belong in a flow' },
  ],
  effect: { kind: 'read' },
  run: async ({ input, http }) =>
    toHttpAnswer(
      await http.exchange({
        method: 'GET',
        path: input.url,
        ...(input.query ? { query: input.query } : {}),
        ...(input.headers ? { headers: input.headers } : {}),
        ...(input.limit ? { pace: input.limit } : {}),
      }),
    ),
})
