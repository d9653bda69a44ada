import { z } from 'zod'
import { vendor } from '../connector.ts'
import { Location, locationSample, LocationsReply } from '../schemas/location.ts'
import { DATED } from '../version-headers.ts'

export const locationSearch = vendor.action({
  id: 'highlevel.location.search',
  version: 1,
  title: 'Find sub-accounts',
  summary: 'Reads a page of the sub-accounts the token may see.',
  phrase: 'find sub-accounts of {connection}',
  group: 'Sub-account',
  scopes: ['locations.readonly'],
  input: z.object({
    email: z.email().optional().meta({ title: 'E-mail of the sub-account' }),
    order: z.enum(['asc', 'desc']).default('asc').meta({ title: 'Order', advanced: true }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ locations: z.array(Location).meta({ title: 'Sub-accounts' }) }),
  samples: [{ locations: [locationSample] }],
  rejects: [{ input: { order: 'random' }, because: 'there are two orders' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ input, connection, http }) {
    const { locations } = await http({
      method: 'GET',
      path: '/locations/search',
      query: {
        companyId: connection.companyId,
        skip: String(input.skip),
        limit: String(input.limit),
        order: input.order,
        email: input.email,
      },
      headers: DATED,
      reply: LocationsReply,
    })
    return { locations }
  },
})
