import { badCsv } from './errors.ts'
import { objectId } from './ids.ts'
import type { CsvRow } from './state.ts'

/**
 * Reads an upload of the Social Planner's bulk CSV. Codes are the v3 ones (CONFIRMED); which headers are needed is ASSUMED:
 * a date and a content column for the basic file, any further platform column makes it an advanced one.
 */
type ReadCsv = { rows: CsvRow[]; kind: 'basic' | 'advance' }

const ROWS_MAX = 500

/** Cells of one CSV text: quotes, doubled quotes, line breaks inside quotes. */
function cellsOf(source: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    row.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.some((value) => value !== '')) rows.push(row)
    row = []
  }
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === '"' && isQuoted && source.charAt(at + 1) === '"') {
      cell += '"'
      at += 1
    } else if (char === '"') isQuoted = !isQuoted
    else if (char === ',' && !isQuoted) endCell()
    else if (char === '\n' && !isQuoted) endRow()
    else if (char !== '\r') cell += char
  }
  endRow()
  return rows
}

export function readCsv(fileName: string, source: string): ReadCsv {
  if (!fileName.toLowerCase().endsWith('.csv')) throw badCsv('CSV_UNSUPPORTED_EXTENSION', 'Only .csv files can be imported')
  const [header, ...lines] = cellsOf(source.replace(/^\uFEFF/, ''))
  if (!header) throw badCsv('CSV_EMPTY_FILE', 'The file is empty')
  const column = (start: string) => header.findIndex((name) => name.toLowerCase().startsWith(start))
  const at = { date: column('postat'), content: column('content'), media: column('image') }
  const missingHeaders = [...(at.date < 0 ? ['postAtSpecificTime (YYYY-MM-DD HH:mm:ss)'] : []), ...(at.content < 0 ? ['content'] : [])]
  if (missingHeaders.length > 0) throw badCsv('CSV_MISSING_HEADERS', 'Required headers are missing', { missingHeaders })
  if (lines.length === 0) throw badCsv('CSV_MISSING_REQUIRED_ROWS', 'The file has no rows')
  const rows = lines.slice(0, ROWS_MAX).map((cells): CsvRow => {
    const summary = cells[at.content] ?? ''
    const date = Date.parse(`${(cells[at.date] ?? '').replace(' ', 'T')}Z`)
    const error = [...(summary === '' ? ['contentMissing'] : []), ...(Number.isNaN(date) ? ['invalidDate'] : [])].join(', ')
    return {
      _id: objectId(),
      summary,
      scheduleDate: Number.isNaN(date) ? '' : new Date(date).toISOString(),
      mediaUrl: cells[at.media] ?? '',
      error,
    }
  })
  if (rows.every((row) => row.error !== '')) throw badCsv('CSV_NO_VALID_POST', 'No row holds a valid post')
  return { rows, kind: header.some((name) => /tiktok|gmb|pinterest|youtube|instagram/i.test(name)) ? 'advance' : 'basic' }
}
