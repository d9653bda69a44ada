import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Anything } from '../schemas/lenient.ts'
import { DATED } from '../version-headers.ts'

export const locationTagDelete = vendor.action({
  id: 'highlevel.location-tag.delete',
  version: 1,
  title: 'Delete a location tag',
  summary: 'Deletes a tag of the sub-account, and with it the tag on all its contacts.',
  phrase: 'delete a location tag in {connection}',
  group: 'Tags of the sub-account',
  facts: [{ mark: 'ASSUMED', text: 'Contacts lose the tag with it. There is no way back, so Couplet never repeats this by itself.' }],
  scopes: ['locations/tags.write'],
  input: z.object({ id: pick('location-tags').meta({ title: 'Tag' }) }),
  output: z.object({ id: z.string().meta({ title: 'Tag id' }) }),
  samples: [{ id: 'TagRoof0001' }],
  rejects: [{ input: { id: '' }, because: 'no tag is named' }],
  effect: { kind: 'write', resend: 'never', because: 'A deletion nobody is sure of shall be looked at by a person.' },
  async run({ input, connection, http }) {
    await http({ method: 'DELETE', path: path`/locations/${connection.locationId}/tags/${input.id}`, headers: DATED, reply: Anything })
    return { id: input.id }
  },
})
