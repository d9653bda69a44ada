import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { LocationTagsReply } from '../schemas/location-tag.ts'
import { DATED } from '../version-headers.ts'

/** All tags of the sub-account; there is no paging (CONFIRMED). */
export const readLocationTags = ({ http, connection }: HighlevelCall) =>
  http({ method: 'GET', path: path`/locations/${connection.locationId}/tags`, headers: DATED, reply: LocationTagsReply })
