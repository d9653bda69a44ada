import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'

/** Where an import stands (CONFIRMED). */
const CsvStatus = z.enum(['pending', 'in_progress', 'completed', 'failed', 'in_review', 'importing', 'deleted'])

export const CsvImport = z
  .object({
    id: z.string().meta({ title: 'Import id' }),
    fileName: z.string().optional().meta({ title: 'File name' }),
    filePath: z.string().optional().meta({ title: 'File path at HighLevel' }),
    status: CsvStatus.or(z.string()).meta({ title: 'Status' }),
    count: z.number().optional().meta({ title: 'Posts in it' }),
    accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
    createdBy: z.string().optional().meta({ title: 'Created by (user id)' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
  })
  .meta({ title: 'CSV import' })
export type CsvImport = z.output<typeof CsvImport>

/** `_id` in the dated generation, `id` in v3 (CONFIRMED). */
const ImportItem = z
  .looseObject({
    _id: maybeText,
    id: maybeText,
    fileName: maybeText,
    file: maybeText,
    status: maybeText,
    count: maybeNumber,
    accountIds: listOf(z.string()),
    createdBy: maybeText,
    createdAt: maybeText,
  })
  .transform((item): CsvImport => ({
    id: item['_id'] ?? item.id ?? '',
    fileName: item.fileName,
    filePath: item.file,
    status: item.status ?? '',
    count: item.count,
    accountIds: item.accountIds,
    createdBy: item.createdBy,
    createdAt: item.createdAt,
  }))

/** `csvs` is declared as an object and is a list (CONFIRMED); both are read. */
export const CsvListReply = results(
  z.looseObject({ csvs: z.union([z.array(ImportItem), ImportItem.transform((item) => [item])]).nullish(), count: maybeNumber }),
).transform((found) => ({ imports: (found.csvs ?? []).filter((item) => item.id !== ''), count: found.count }))

export const CsvPost = z
  .object({
    id: z.string().optional().meta({ title: 'Post id' }),
    summary: z.string().meta({ title: 'Text' }),
    scheduleDate: z.string().optional().meta({ title: 'Planned for' }),
    accountIds: z.array(z.string()).meta({ title: 'Account ids' }),
    error: z.string().optional().meta({ title: 'What is wrong' }),
  })
  .meta({ title: 'Post of an import' })

const PostItem = z
  .looseObject({
    _id: maybeText,
    id: maybeText,
    summary: maybeText,
    scheduleDate: maybeText,
    accountIds: listOf(z.string()),
    errorMessage: maybeText,
  })
  .transform((item) => ({
    id: item['_id'] ?? item.id,
    summary: item.summary ?? '',
    scheduleDate: item.scheduleDate,
    accountIds: item.accountIds,
    error: item.errorMessage,
  }))

export const CsvReply = results(z.looseObject({ csv: maybe(ImportItem), count: maybeNumber, posts: listOf(PostItem) }))

export const UploadReply = results(z.looseObject({ filePath: z.string(), rowsCount: maybeNumber, fileName: maybeText }))

export const csvSample: CsvImport = {
  id: '66f2aa11bb22cc33dd44ee31',
  fileName: 'april.csv',
  filePath: 'csv/66f2/april.csv',
  status: 'completed',
  count: 12,
  accountIds: ['65aa01_LocNorthgate_112233_page'],
  createdBy: 'UsrDana0001',
  createdAt: '2026-03-09T16:20:00.000Z',
}
