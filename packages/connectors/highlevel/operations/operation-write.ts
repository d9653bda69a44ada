import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { AnyOutput, perform, permittedRow, requestFields } from '../any-operation.ts'
import { vendor } from '../connector.ts'

export const operationWrite = vendor.action({
  id: 'highlevel.operation.write',
  version: 1,
  title: 'Perform any writing operation',
  summary:
    'Calls any operation of HighLevel that changes something. After a lost answer a person decides; prefer the action made for it where there is one.',
  phrase: 'perform a writing operation in {connection}',
  group: 'Any operation',
  facts: [{ mark: 'CONFIRMED', text: 'HighLevel recognises no repeats, so Couplet never sends this again by itself.' }],
  scopes: [],
  input: z.object({ operation: pick('operations-write').meta({ title: 'Operation' }), ...requestFields }),
  output: AnyOutput,
  samples: [{ status: 201, body: { success: true, results: {} }, traceId: 'trace-0001' }],
  rejects: [{ input: { body: {} }, because: 'no operation is named' }],
  effect: { kind: 'write', resend: 'never', because: 'Couplet cannot know what this call does when it arrives twice.' },
  run: (call) => perform(call, permittedRow(call.input.operation, 'write'), call.input),
})
