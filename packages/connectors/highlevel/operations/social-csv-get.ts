import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readImport } from '../reads/csv-imports.ts'
import { notFound } from '../refusals.ts'
import { CsvImport, CsvPost, csvSample } from '../schemas/csv.ts'

const UNDER_WAY = new Set(['pending', 'in_progress', 'importing'])

export const socialCsvGet = vendor.action({
  id: 'highlevel.social-csv.get',
  version: 1,
  title: 'Read a CSV import',
  summary: 'Reads an import with its posts and what is wrong with them. The step can wait until HighLevel has worked through it.',
  phrase: 'read a CSV import of {connection}',
  group: 'Social Planner: CSV import',
  scopes: ['socialplanner/csv.readonly'],
  input: z.object({
    id: pick('csv-imports').meta({ title: 'Import' }),
    waitUntilDone: z.boolean().default(false).meta({ title: 'Wait until it is worked through', description: 'For an hour at most.' }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip posts', advanced: true }),
    limit: z.int().min(1).max(100).default(50).meta({ title: 'Posts at once', advanced: true }),
  }),
  output: CsvImport.extend({
    posts: z.array(CsvPost).meta({ title: 'Posts' }),
    wrongPosts: z.number().meta({ title: 'Posts with an error on this page' }),
  }),
  samples: [
    {
      ...csvSample,
      posts: [{ id: 'row-1', summary: 'Spring offer', scheduleDate: '2026-04-01T09:00:00Z', accountIds: [] }],
      wrongPosts: 0,
    },
  ],
  rejects: [{ input: {}, because: 'no import is named' }],
  effect: { kind: 'read' },
  async run(call) {
    const { csv, posts } = await readImport(call, call.input)
    if (!csv) throw notFound('HighLevel does not know this import.')
    if (call.input.waitUntilDone && UNDER_WAY.has(csv.status))
      call.again({ afterMs: 15_000, giveUpAfterMs: 3_600_000, because: 'HighLevel is still working through the CSV.' })
    return { ...csv, id: csv.id || call.input.id, posts, wrongPosts: posts.filter((post) => post.error !== undefined).length }
  },
})
