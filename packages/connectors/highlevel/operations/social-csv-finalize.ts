import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialCsvFinalize = vendor.action({
  id: 'highlevel.social-csv.finalize',
  version: 1,
  title: 'Finalise a CSV import',
  summary: 'Turns the rows of an import into planned posts.',
  phrase: 'finalise a CSV import in {connection}',
  group: 'Social Planner: CSV import',
  scopes: ['socialplanner/csv.write'],
  input: z.object({
    id: pick('csv-imports').meta({ title: 'Import' }),
    userId: pick('users').optional().meta({ title: 'In the name of' }),
  }),
  output: z.object({ id: z.string().meta({ title: 'Import id' }) }),
  samples: [{ id: '66f2aa11bb22cc33dd44ee31' }],
  rejects: [{ input: { userId: 'u' }, because: 'no import is named' }],
  effect: {
    kind: 'write',
    resend: 'never',
    because: 'It creates posts, and the status of an import does not tell whether the request for it arrived.',
  },
  async run({ input, connection, http }) {
    await http({
      method: 'PATCH',
      path: path`/social-media-posting/${connection.locationId}/csv/${input.id}`,
      headers: DATED,
      body: input.userId === undefined ? {} : { userId: input.userId },
      reply: Anything,
    })
    return { id: input.id }
  },
})
