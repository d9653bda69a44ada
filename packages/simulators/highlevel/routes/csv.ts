// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { z } from 'zod'
import { type Highlevel, nowIso } from '../context.ts'
import { readCsv } from '../csv-file.ts'
import { badCsv, badSocialRequest, invalid } from '../errors.ts'
import { objectId } from '../ids.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { LOCATION_TOKENS, operation, type Operation, social } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { amount, listOf, numberString, text } from '../schema.ts'
import type { CsvImport } from '../state.ts'
import type { ApiVersion } from '../version-gate.ts'

const READ = ['socialplanner/csv.readonly']
const WRITE = ['socialplanner/csv.write']
const paging = { skip: numberString().optional(), limit: numberString().optional() }
const status = { ...paging, includeUsers: text().optional() }

type SetAccounts = {
  accountIds: string[]
  filePath: string
  rowsCount: number
  fileName: string
  approver?: string | undefined
  userId?: string | undefined
}
const SetAccountsBody = z.strictObject({
  accountIds: listOf(text()),
  filePath: text(),
  rowsCount: amount(),
  fileName: text(),
  approver: text().optional(),
  userId: text().optional(),
})
const SetAccountsV3 = SetAccountsBody.extend({ userId: text(), csvFileType: text().optional() })

/** An import as the API shows it; v3 renames `_id` to `id`. */
function shown(row: CsvImport, version: ApiVersion): Record<string, unknown> {
  const { id, locationId, fileName, accountIds, file, createdBy, traceId, originId, approver, createdAt, updatedAt } = row
  const shared = {
    locationId,
    fileName,
    accountIds,
    file,
    status: row.status,
    count: row.rows.length,
    createdBy,
    traceId,
    originId,
    approver,
    createdAt,
  }
  return version === 'v3' ? { id, ...shared, updatedAt, csvFileType: row.kind } : { _id: id, ...shared }
}

function importAt(context: Highlevel, params: Record<string, string>, name: 'id' | 'csvId'): CsvImport {
  const row = rowBy(context.state.csvImports, 'id', params[name] ?? '')
  if (!row || row.locationId !== params['locationId'] || row.status === 'deleted') throw badSocialRequest('CSV not found')
  return row
}

export const csvOperations: readonly Operation[] = [
  operation({
    id: 'upload-csv',
    method: 'POST',
    path: '/social-media-posting/:locationId/csv',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: async ({ context, params, request, version }) => {
      const form = await request.formData().catch(() => undefined)
      const file = form?.get('file')
      if (!(file instanceof File)) throw badCsv('CSV_INVALID_FORMAT', 'Send the file as multipart form data')
      const locationId = params['locationId'] ?? ''
      const { rows, kind } = readCsv(file.name, await file.text())
      const filePath = `${locationId}/social-import/${objectId()}.csv`
      context.state.csvFiles.push({ filePath, fileName: file.name, locationId, rows, bytes: file.size, kind })
      const v3 = version === 'v3' ? { fileSize: file.size, csvFileType: kind } : {}
      return social(201, 'Uploaded CSV', { filePath, rowsCount: rows.length, fileName: file.name, ...v3 })
    },
  }),
  operation({
    id: 'get-upload-status',
    method: 'GET',
    path: '/social-media-posting/:locationId/csv',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    query: z.object({ ...status, userId: text().optional() }),
    run: ({ context, params, query, version }) => {
      if (version === 'v3' && query.userId === undefined) throw invalid(['userId must be a string'])
      const rows = inLocation(context.state.csvImports, params['locationId'] ?? '').filter((row) => row.status !== 'deleted')
      return social(200, 'Fetched CSV Upload Status', {
        csvs: pageOf(context, rows.toReversed(), query).map((row) => shown(row, version)),
        count: rows.length,
      })
    },
  }),
  operation<unknown, SetAccounts>({
    id: 'set-accounts',
    method: 'POST',
    path: '/social-media-posting/:locationId/set-accounts',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: (version): z.ZodType<SetAccounts> => (version === 'v3' ? SetAccountsV3 : SetAccountsBody),
    run: ({ context, params, body, version, traceId, token }) => {
      const file = rowBy(context.state.csvFiles, 'filePath', body.filePath)
      if (!file || file.locationId !== params['locationId']) throw badSocialRequest('CSV file not found')
      const now = nowIso(context)
      const id = objectId()
      context.state.csvImports.push({
        id,
        locationId: file.locationId,
        fileName: body.fileName,
        file: file.filePath,
        accountIds: body.accountIds,
        status: 'in_progress',
        createdBy: body.userId ?? token.userId,
        approver: body.approver ?? '',
        traceId,
        originId: objectId(),
        createdAt: now,
        updatedAt: now,
        kind: file.kind,
        rows: file.rows,
        stepEndsAt: context.clock.now() + context.setting('csvStepMs'),
      })
      return social(201, 'Accounts Set Successfully', version === 'v3' ? { csvId: id } : undefined)
    },
  }),
  operation({
    id: 'get-csv-post',
    method: 'GET',
    path: '/social-media-posting/:locationId/csv/:id',
    tokens: LOCATION_TOKENS,
    scopes: READ,
    query: z.object(paging),
    run: ({ context, params, query, version }) => {
      const row = importAt(context, params, 'id')
      const posts = pageOf(context, row.rows, query).map((post) => ({
        _id: post._id,
        accountIds: row.accountIds,
        medias: post.mediaUrl === '' ? [] : [{ url: post.mediaUrl, type: 'image/jpeg' }],
        scheduleDate: post.scheduleDate,
        summary: post.summary,
        type: 'post',
        ...(post.error === '' ? {} : { errorMessage: post.error }),
      }))
      return social(200, 'Fetched CSV Post', { csv: shown(row, version), count: row.rows.length, posts })
    },
  }),
  operation({
    id: 'start-csv-finalize',
    method: 'PATCH',
    path: '/social-media-posting/:locationId/csv/:id',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    body: z.strictObject({ userId: text().optional() }),
    run: ({ context, params, body, version }) => {
      if (version === 'v3' && body.userId === undefined) throw invalid(['userId must be a string'])
      const row = importAt(context, params, 'id')
      if (row.status !== 'pending') throw badSocialRequest(`CSV is ${row.status} and cannot be finalized`)
      Object.assign(row, { status: 'importing', stepEndsAt: context.clock.now() + context.setting('csvStepMs') })
      return social(200, 'Updated Successfully')
    },
  }),
  operation({
    id: 'delete-csv',
    method: 'DELETE',
    path: '/social-media-posting/:locationId/csv/:id',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: ({ context, params, version }) => {
      const row = importAt(context, params, 'id')
      Object.assign(row, { status: 'deleted', updatedAt: nowIso(context) })
      return social(200, version === 'v3' ? 'Deleted CSV' : 'Deleted Post', { csv: shown(row, version) })
    },
  }),
  operation({
    id: 'delete-csv-post',
    method: 'DELETE',
    path: '/social-media-posting/:locationId/csv/:csvId/post/:postId',
    tokens: LOCATION_TOKENS,
    scopes: WRITE,
    run: ({ context, params, version }) => {
      const row = importAt(context, params, 'csvId')
      const postId = params['postId'] ?? ''
      if (!row.rows.some((post) => post._id === postId)) throw badSocialRequest('Post not found')
      row.rows = row.rows.filter((post) => post._id !== postId)
      const csv = version === 'v3' ? { csv: { _id: row.id, csvFileType: row.kind, status: row.status, updatedAt: row.updatedAt } } : {}
      return social(200, version === 'v3' ? 'Deleted CSV Post' : 'Deleted Post', { postId, ...csv })
    },
  }),
]
