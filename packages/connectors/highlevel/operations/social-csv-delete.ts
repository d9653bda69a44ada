import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readImport } from '../reads/csv-imports.ts'
import { unlessAbsent } from '../refusals.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialCsvDelete = vendor.action({
  id: 'highlevel.social-csv.delete',
  version: 1,
  title: 'Delete a CSV import',
  summary: 'Deletes an import and its rows.',
  phrase: 'delete a CSV import in {connection}',
  group: 'Social Planner: CSV import',
  scopes: ['socialplanner/csv.write', 'socialplanner/csv.readonly'],
  input: z.object({ id: pick('csv-imports').meta({ title: 'Import' }) }),
  output: z.object({ id: z.string().meta({ title: 'Import id' }) }),
  samples: [{ id: '66f2aa11bb22cc33dd44ee31' }],
  rejects: [{ input: {}, because: 'no import is named' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'An import that is unknown or marked as deleted has been deleted.',
    async lookup(call) {
      const found = await unlessAbsent(readImport(call, { id: call.input.id, limit: 1 }))
      return found?.csv === undefined || found.csv.status === 'deleted' ? { id: call.input.id } : undefined
    },
  },
  async run({ input, connection, http }) {
    await http({
      method: 'DELETE',
      path: path`/social-media-posting/${connection.locationId}/csv/${input.id}`,
      headers: DATED,
      reply: Anything,
    })
    return { id: input.id }
  },
})
