import { type Highlevel, nowIso } from './context.ts'
import { objectId } from './ids.ts'
import type { CsvImport, CsvRow, Post } from './state.ts'

/** Steps an import takes by itself (path and time ASSUMED): in_progress -> pending (read, waits for finalize), importing -> completed. */
const NEXT: Record<string, string> = { in_progress: 'pending', importing: 'completed' }

export function advanceImports(context: Highlevel): void {
  for (const row of context.state.csvImports) {
    const next = NEXT[row.status]
    if (next === undefined || row.stepEndsAt > context.clock.now()) continue
    if (next === 'completed')
      context.state.posts.push(...row.rows.filter((post) => post.error === '').map((post) => importedPost(context, row, post)))
    Object.assign(row, { status: next, updatedAt: nowIso(context) })
    context.touch()
  }
}

const importedPost = (context: Highlevel, csv: CsvImport, row: CsvRow): Post => ({
  _id: objectId(),
  source: 'csv',
  locationId: csv.locationId,
  accountIds: csv.accountIds,
  type: 'post',
  status: 'scheduled',
  summary: row.summary,
  media: row.mediaUrl === '' ? [] : [{ url: row.mediaUrl, type: 'image/jpeg' }],
  tags: [],
  createdBy: csv.createdBy,
  userId: csv.createdBy,
  scheduleDate: row.scheduleDate,
  displayDate: row.scheduleDate,
  createdAt: nowIso(context),
  updatedAt: nowIso(context),
  error: '',
  subPosts: [],
  details: {},
})
