import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { AnyOutput, perform, permittedRow, requestFields } from '../any-operation.ts'
import { vendor } from '../connector.ts'

export const operationRead = vendor.action({
  id: 'highlevel.operation.read',
  version: 1,
  title: 'Perform any reading operation',
  summary: 'Calls any operation of HighLevel that only reads, and hands on what it answers.',
  phrase: 'perform a reading operation in {connection}',
  group: 'Any operation',
  facts: [
    { mark: 'CONFIRMED', text: 'Some reads are calls by POST and answer 201: lists of posts, tags by id, statistics.' },
    { mark: 'CONFIRMED', text: 'Which permission is needed depends on the operation; the list shows it.' },
  ],
  scopes: [],
  input: z.object({ operation: pick('operations-read').meta({ title: 'Operation' }), ...requestFields }),
  output: AnyOutput,
  samples: [{ status: 200, body: { success: true, results: { count: 0, tags: [] } }, traceId: 'trace-0001' }],
  rejects: [{ input: { query: {} }, because: 'no operation is named' }],
  effect: { kind: 'read' },
  run: (call) => perform(call, permittedRow(call.input.operation, 'read'), call.input),
})
