import type { FilePart } from '@couplet/connector-sdk'
import type { HighlevelCall } from './connection.ts'
import { isMadeSince } from './made-since.ts'
import { readMediaFiles } from './reads/media-files.ts'
import { type MediaFile, UploadedReply } from './schemas/media-file.ts'
import { DATED } from './version-headers.ts'

type Upload = { name: string; parentId?: string | undefined; form?: Record<string, string>; files?: readonly FilePart[] }

/** Adds a file to the media library. Always multipart, also when HighLevel fetches the file itself (CONFIRMED). */
export async function addMedia({ http }: HighlevelCall, upload: Upload): Promise<MediaFile> {
  const { fileId, url } = await http({
    method: 'POST',
    path: '/medias/upload-file',
    headers: DATED,
    form: { name: upload.name, ...(upload.parentId === undefined ? {} : { parentId: upload.parentId }), ...upload.form },
    files: upload.files ?? [],
    timeoutMs: 120_000,
    reply: UploadedReply,
  })
  return { id: fileId, name: upload.name, url, parentId: upload.parentId }
}

/** A file of this name in the same folder, made after the upload was sent: what an upload with a lost answer would have left. */
export const findMedia = async (
  call: HighlevelCall & { sentFrom?: number | undefined },
  upload: { name: string; parentId?: string | undefined },
): Promise<MediaFile | undefined> => {
  const sent = { sentFrom: call.sentFrom, nowMs: call.clock.now() }
  const files = await readMediaFiles(call, { type: 'file', query: upload.name, parentId: upload.parentId })
  return files.find((file) => file.name === upload.name && isMadeSince(file.createdAt, sent))
}
