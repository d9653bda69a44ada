import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import type { HighlevelCall } from '../connection.ts'
import { readImports } from '../reads/csv-imports.ts'
import { maybe, maybeText } from '../schemas/lenient.ts'
import { V3 } from '../version-headers.ts'

const SetReply = z.looseObject({ results: maybe(z.looseObject({ csvId: maybeText })) })

/** The import made of this upload; the file path is unique to it. */
async function importOf(call: HighlevelCall, filePath: string): Promise<{ id: string } | undefined> {
  const { imports } = await readImports(call, {})
  return imports.find((item) => item.filePath === filePath && item.status !== 'deleted')
}

export const socialCsvSetAccounts = vendor.action({
  id: 'highlevel.social-csv.set-accounts',
  version: 1,
  title: 'Choose the accounts of a CSV import',
  summary: 'Makes an import of an uploaded CSV and says which accounts its posts are for.',
  phrase: 'choose the accounts of a CSV import in {connection}',
  group: 'Social Planner: CSV import',
  facts: [{ mark: 'CONFIRMED', text: 'Only version v3 answers the id of the import, so Couplet uses it; it wants a person.' }],
  scopes: ['socialplanner/csv.write', 'socialplanner/csv.readonly'],
  input: z.object({
    accountIds: z.array(pick('accounts')).min(1).meta({ title: 'Accounts' }),
    filePath: z.string().min(1).meta({ title: 'File path', description: 'From the upload.' }),
    fileName: z.string().min(1).meta({ title: 'File name', description: 'From the upload.' }),
    rowsCount: z.number().int().nonnegative().meta({ title: 'Rows', description: 'From the upload.' }),
    userId: pick('users').meta({ title: 'In the name of' }),
    approver: pick('users').optional().meta({ title: 'Approver', description: 'Fill in to have the posts reviewed.' }),
  }),
  output: z.object({
    importId: z.string().optional().meta({ title: 'Import id', description: 'Empty when HighLevel neither named it nor lists it yet.' }),
  }),
  samples: [{ importId: '66f2aa11bb22cc33dd44ee31' }],
  rejects: [{ input: { accountIds: [], filePath: 'p', fileName: 'f.csv', rowsCount: 1, userId: 'u' }, because: 'no account is chosen' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'An import that names the uploaded file has been made of it.',
    async lookup(call) {
      const found = await importOf(call, call.input.filePath)
      return found && { importId: found.id }
    },
  },
  async run(call) {
    const { input, connection, http } = call
    const { results } = await http({
      method: 'POST',
      path: path`/social-media-posting/${connection.locationId}/set-accounts`,
      headers: V3,
      body: input,
      reply: SetReply,
    })
    return { importId: results?.csvId ?? (await importOf(call, input.filePath))?.id }
  },
})
