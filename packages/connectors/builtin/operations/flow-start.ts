import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { builtin } from '../connector.ts'

export const flowStart = builtin.action({
  id: 'builtin.flow.start',
  version: 1,
  title: 'Start another flow',
  summary: 'Starts a run of another flow and goes on without waiting for it.',
  phrase: 'start another flow',
  group: 'Flow',
  scopes: [],
  input: z.object({
    flow: pick('flows').meta({ title: 'Flow', list: 'flows', given: [] }),
    input: z.json().default({}).meta({ title: 'What it is given' }),
  }),
  output: z.object({
    runId: z.string().meta({ title: 'Run id' }),
    isNew: z.boolean().meta({ title: 'Newly started', description: 'No when this step had started it before.' }),
  }),
  samples: [{ runId: 'run_01', isNew: true }],
  rejects: [{ input: { flow: '' }, because: 'a flow must be chosen' }],
  effect: { kind: 'write', resend: 'harmless', because: 'the other flow is started once for this step of this run' },
  run: ({ input, host, effectKey }) => host.flows.start(input.flow, input.input, effectKey),
})
