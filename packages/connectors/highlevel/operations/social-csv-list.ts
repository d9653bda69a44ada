import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readImports } from '../reads/csv-imports.ts'
import { CsvImport, csvSample } from '../schemas/csv.ts'

export const socialCsvList = vendor.action({
  id: 'highlevel.social-csv.list',
  version: 1,
  title: 'List CSV imports',
  summary: 'Reads a page of the CSV imports and where each stands.',
  phrase: 'list the CSV imports of {connection}',
  group: 'Social Planner: CSV import',
  facts: [{ mark: 'CONFIRMED', text: "The vendor's file declares one object where a list is meant; Couplet reads both." }],
  scopes: ['socialplanner/csv.readonly'],
  input: z.object({
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ imports: z.array(CsvImport).meta({ title: 'Imports' }), count: z.number().meta({ title: 'Number in all' }) }),
  samples: [{ imports: [csvSample], count: 1 }],
  rejects: [{ input: { limit: 1_000 }, because: 'a page holds 100 at most' }],
  effect: { kind: 'read' },
  async run(call) {
    const { imports, count } = await readImports(call, call.input)
    return { imports, count: count ?? imports.length }
  },
})
