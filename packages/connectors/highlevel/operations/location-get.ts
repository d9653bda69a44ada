import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { Location, locationSample, LocationReply } from '../schemas/location.ts'
import { DATED } from '../version-headers.ts'

export const locationGet = vendor.action({
  id: 'highlevel.location.get',
  version: 1,
  title: 'Read the sub-account',
  summary: 'Reads name, time zone and address of the sub-account.',
  phrase: 'read the sub-account {connection}',
  group: 'Sub-account',
  scopes: ['locations.readonly'],
  input: z.object({
    locationId: pick('locations')
      .optional()
      .meta({ title: 'Sub-account', description: 'Empty: the one of the connection.', advanced: true }),
  }),
  output: Location,
  samples: [locationSample],
  rejects: [{ input: { locationId: '' }, because: 'an empty id names none' }],
  effect: { kind: 'read' },
  cacheFor: '5 m',
  async run({ input, connection, http }) {
    const location = await http({
      method: 'GET',
      path: path`/locations/${input.locationId ?? connection.locationId}`,
      headers: DATED,
      reply: LocationReply,
    })
    if (!location) throw notFound('HighLevel does not know this sub-account.')
    return location
  },
})
