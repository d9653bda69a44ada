import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { locationTagMark } from '../location-tag-mark.ts'
import { LocationTag, LocationTagReply, locationTagSample } from '../schemas/location-tag.ts'
import { DATED } from '../version-headers.ts'

export const locationTagRename = vendor.action({
  id: 'highlevel.location-tag.rename',
  version: 1,
  title: 'Rename a location tag',
  summary: 'Gives a tag of the sub-account another name.',
  phrase: 'rename a location tag in {connection}',
  group: 'Tags of the sub-account',
  scopes: ['locations/tags.write'],
  input: z.object({
    id: pick('location-tags').meta({ title: 'Tag' }),
    name: z.string().trim().min(1).max(200).meta({ title: 'New name' }),
  }),
  output: LocationTag,
  samples: [locationTagSample],
  rejects: [{ input: { id: 't', name: '' }, because: 'a tag has a name' }],
  leaves: ({ connection, output }) => [locationTagMark(connection.locationId, output)],
  foresees: ({ connection, input }) => [locationTagMark(connection.locationId, input)],
  effect: { kind: 'write', resend: 'harmless', because: 'It sets the name; setting it again changes nothing.' },
  async run({ input, connection, http }) {
    const tag = await http({
      method: 'PUT',
      path: path`/locations/${connection.locationId}/tags/${input.id}`,
      headers: DATED,
      body: { name: input.name },
      reply: LocationTagReply,
    })
    return tag ?? { id: input.id, name: input.name }
  },
})
