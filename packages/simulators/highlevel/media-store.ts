import { extname } from 'node:path'
import { type Highlevel, nowIso } from './context.ts'
import { refuse } from './errors.ts'
import { objectId } from './ids.ts'
import type { MediaFile } from './state.ts'

/** Largest upload (CONFIRMED). */
const FILE_BYTES_MAX = 25 * 1_024 * 1_024
/** All kept bytes together; the oldest go first. The state is saved as a whole, so it must stay small. */
const KEPT_BYTES_MAX = 64 * 1_024 * 1_024
const FETCH_TIMEOUT_MS = 10_000

const TYPES: Record<string, string> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.csv': 'text/csv',
}

const typeOfName = (name: string): string => TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream'

/** Keeps a file of a location and forgets the oldest bytes beyond the bound (the file's row stays listed). */
export function keepFile(
  context: Highlevel,
  file: { locationId: string; name: string; contentType: string; parentId: string; bytes: Uint8Array },
): MediaFile {
  if (file.bytes.length > FILE_BYTES_MAX) throw refuse(400, 'File size exceeds 25 MB')
  const id = objectId()
  const row: MediaFile = {
    id,
    locationId: file.locationId,
    name: file.name,
    path: `/media-storage/${file.locationId}/${id}${extname(file.name).toLowerCase()}`,
    contentType: file.contentType === '' ? typeOfName(file.name) : file.contentType,
    bytes: file.bytes.length,
    parentId: file.parentId,
    createdAt: nowIso(context),
  }
  const { state } = context
  state.mediaFiles.push(row)
  const contents = [...state.mediaContents, { id, base64: Buffer.from(file.bytes).toString('base64') }]
  let kept = contents.reduce((total, content) => total + content.base64.length, 0)
  while (contents.length > 1 && kept > KEPT_BYTES_MAX) kept -= contents.shift()?.base64.length ?? 0
  state.mediaContents = contents
  return row
}

/** Downloads a hosted file as the vendor would (`hosted=true`). */
export async function downloadHosted(fileUrl: string): Promise<{ bytes: Uint8Array; contentType: string; name: string }> {
  const url = URL.parse(fileUrl)
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse(400, 'fileUrl must be a URL')
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    headers: { 'user-agent': 'HighLevel simulator' },
  }).catch(() => undefined)
  if (!answer?.ok) throw refuse(400, 'The file could not be downloaded')
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return { bytes, contentType: answer.headers.get('content-type') ?? '', name: url.pathname.split('/').at(-1) ?? 'file' }
}
