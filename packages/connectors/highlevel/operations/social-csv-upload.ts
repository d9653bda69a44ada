import { path } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { UploadReply } from '../schemas/csv.ts'
import { DATED } from '../version-headers.ts'

export const socialCsvUpload = vendor.action({
  id: 'highlevel.social-csv.upload',
  version: 1,
  title: 'Upload a CSV of posts',
  summary: 'Hands a CSV of posts to HighLevel. It becomes an import when its accounts are chosen in the next step.',
  phrase: 'upload a CSV of posts to {connection}',
  group: 'Social Planner: CSV import',
  facts: [{ mark: 'CONFIRMED', text: 'An import takes four steps: upload, choose accounts, read until it is worked through, finalise.' }],
  scopes: ['socialplanner/csv.write'],
  input: z.object({
    fileName: z
      .string()
      .regex(/^[^/\\]+\.csv$/i, 'The name must end in .csv.')
      .default('posts.csv')
      .meta({ title: 'File name' }),
    content: z
      .string()
      .min(1)
      .max(5_000_000)
      .meta({ title: 'Content', multiline: true, description: 'With the column headings of a HighLevel sample file.' }),
  }),
  output: z.object({
    filePath: z.string().meta({ title: 'File path', description: 'Needed to choose the accounts.' }),
    fileName: z.string().meta({ title: 'File name' }),
    rowsCount: z.number().meta({ title: 'Rows' }),
  }),
  samples: [{ filePath: 'csv/66f2/april.csv', fileName: 'april.csv', rowsCount: 12 }],
  rejects: [
    { input: { fileName: 'posts.xlsx', content: 'a' }, because: 'HighLevel takes CSV only' },
    { input: { content: '' }, because: 'there is nothing to upload' },
  ],
  effect: {
    kind: 'write',
    resend: 'harmless',
    because: 'An upload does nothing until accounts are chosen for it; one that is uploaded twice is only stored twice.',
  },
  async run({ input, connection, http }) {
    const reply = await http({
      method: 'POST',
      path: path`/social-media-posting/${connection.locationId}/csv`,
      headers: DATED,
      files: [{ name: 'file', filename: input.fileName, contentType: 'text/csv', content: input.content }],
      reply: UploadReply,
    })
    return { filePath: reply.filePath, fileName: reply.fileName ?? input.fileName, rowsCount: reply.rowsCount ?? 0 }
  },
})
