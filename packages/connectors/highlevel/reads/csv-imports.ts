import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { CsvListReply, CsvReply } from '../schemas/csv.ts'
import { DATED } from '../version-headers.ts'

/** A page of CSV imports. */
export const readImports = ({ http, connection }: HighlevelCall, ask: { skip?: number; limit?: number }) =>
  http({
    method: 'GET',
    path: path`/social-media-posting/${connection.locationId}/csv`,
    query: { skip: String(ask.skip ?? 0), limit: String(ask.limit ?? 50), includeUsers: 'false' },
    headers: DATED,
    reply: CsvListReply,
  })

/** One import with a page of its posts. */
export const readImport = ({ http, connection }: HighlevelCall, ask: { id: string; skip?: number; limit?: number }) =>
  http({
    method: 'GET',
    path: path`/social-media-posting/${connection.locationId}/csv/${ask.id}`,
    query: { skip: String(ask.skip ?? 0), limit: String(ask.limit ?? 50) },
    headers: DATED,
    reply: CsvReply,
  })
