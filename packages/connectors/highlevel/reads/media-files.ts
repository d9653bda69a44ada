import type { HighlevelCall } from '../connection.ts'
import { FilesReply } from '../schemas/media-file.ts'
import { DATED } from '../version-headers.ts'

/** A page of files or folders of the media library; offset and limit are text (CONFIRMED). */
export const readMediaFiles = (
  { http, connection }: HighlevelCall,
  ask: { type: 'file' | 'folder'; query?: string | undefined; parentId?: string | undefined; skip?: number; limit?: number },
) =>
  http({
    method: 'GET',
    path: '/medias/files',
    query: {
      altType: 'location',
      altId: connection.locationId,
      type: ask.type,
      sortBy: 'createdAt',
      sortOrder: 'desc',
      offset: String(ask.skip ?? 0),
      limit: String(ask.limit ?? 50),
      query: ask.query,
      parentId: ask.parentId,
    },
    headers: DATED,
    reply: FilesReply,
  })
