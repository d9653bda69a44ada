import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { LocationTag, LocationTagReply, locationTagSample } from '../schemas/location-tag.ts'
import { DATED } from '../version-headers.ts'

export const locationTagGet = vendor.action({
  id: 'highlevel.location-tag.get',
  version: 1,
  title: 'Read a location tag',
  summary: 'Reads one tag of the sub-account.',
  phrase: 'read a location tag of {connection}',
  group: 'Tags of the sub-account',
  scopes: ['locations/tags.readonly'],
  input: z.object({ id: pick('location-tags').meta({ title: 'Tag' }) }),
  output: LocationTag,
  samples: [locationTagSample],
  rejects: [{ input: {}, because: 'no tag is named' }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  async run({ input, connection, http }) {
    const tag = await http({
      method: 'GET',
      path: path`/locations/${connection.locationId}/tags/${input.id}`,
      headers: DATED,
      reply: LocationTagReply,
    })
    if (!tag) throw notFound('HighLevel does not know this tag.')
    return tag
  },
})
