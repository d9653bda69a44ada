import { z } from 'zod'
import { builtin } from '../connector.ts'

export const codeRun = builtin.action({
  id: 'builtin.code.run',
  version: 1,
  title: 'Run code',
  summary: 'Runs JavaScript on the given data and passes on what it returns. No network, no files, bounded time and memory.',
  phrase: 'run code',
  group: 'Data',
  scopes: [],
  input: z.object({
    source: z.string().min(1).max(50_000).meta({
      title: 'Code',
      description: 'Reads `input`, ends with `return`.',
      multiline: true,
      language: 'javascript',
      placeholder: 'return { total: input.lines.length }',
    }),
    input: z.json().default({}).meta({ title: 'Data' }),
  }),
  output: z.object({ result: z.unknown().meta({ title: 'Result' }) }),
  samples: [{ result: { total: 3 } }],
  rejects: [{ input: { source: '' }, because: 'nothing to run' }],
  effect: { kind: 'read' },
  run: async ({ input, host }) => ({ result: await host.code.run(input.source, input.input) }),
})
