import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from './connection.ts'
import { V3_BLOCKS } from './edit-body.ts'
import { Anything } from './schemas/lenient.ts'
import { DATED, V3 } from './version-headers.ts'

/** Replaces a post by PUT; the version follows from what the body holds. */
export const writePost = ({ http, connection }: HighlevelCall, id: string, body: Record<string, unknown>): Promise<unknown> =>
  http({
    method: 'PUT',
    path: path`/social-media-posting/${connection.locationId}/posts/${id}`,
    headers: V3_BLOCKS.some((name) => name in body) || 'applyWatermark' in body ? V3 : DATED,
    body,
    reply: Anything,
  })
