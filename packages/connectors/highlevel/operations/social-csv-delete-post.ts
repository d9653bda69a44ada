import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const socialCsvDeletePost = vendor.action({
  id: 'highlevel.social-csv.delete-post',
  version: 1,
  title: 'Delete a post of a CSV import',
  summary: 'Takes one row out of an import before it is finalised.',
  phrase: 'delete a post of a CSV import in {connection}',
  group: 'Social Planner: CSV import',
  facts: [
    {
      mark: 'CONFIRMED',
      text: "The vendor's file shows no id on the rows it lists; where HighLevel sends one, reading the import shows it.",
    },
  ],
  scopes: ['socialplanner/csv.write'],
  input: z.object({
    importId: pick('csv-imports').meta({ title: 'Import' }),
    postId: z.string().min(1).meta({ title: 'Post id', description: 'From reading the import.' }),
  }),
  output: z.object({ postId: z.string().meta({ title: 'Post id' }) }),
  samples: [{ postId: 'row-1' }],
  rejects: [{ input: { importId: 'i' }, because: 'no post is named' }],
  effect: { kind: 'write', resend: 'never', because: 'Rows are not listed with a dependable id, so nobody can see whether one is gone.' },
  async run({ input, connection, http }) {
    await http({
      method: 'DELETE',
      path: path`/social-media-posting/${connection.locationId}/csv/${input.importId}/post/${input.postId}`,
      headers: DATED,
      reply: Anything,
    })
    return { postId: input.postId }
  },
})
