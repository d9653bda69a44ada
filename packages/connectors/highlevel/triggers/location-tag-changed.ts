import { z } from 'zod'
import { vendor } from '../connector.ts'
import { locationTagMark } from '../location-tag-mark.ts'
import { readLocationTags } from '../reads/location-tags.ts'
import { LocationTag, locationTagSample } from '../schemas/location-tag.ts'

export const locationTagChanged = vendor.trigger({
  id: 'highlevel.location-tag.changed',
  version: 1,
  title: 'Location tag created, renamed or removed',
  summary: 'Starts when a tag of the sub-account, the kind used on contacts, appears, changes or goes.',
  phrase: 'a location tag is created, renamed or removed in {connection}',
  group: 'Tags of the sub-account',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'There is no event for it; Couplet reads all tags and compares. A removed tag is one that is missing in two complete readings.',
    },
  ],
  scopes: ['locations/tags.readonly'],
  input: z.object({}),
  output: z.object({
    change: z.enum(['created', 'changed', 'removed']).meta({ title: 'What happened' }),
    tag: LocationTag.meta({ title: 'Tag' }),
    previousName: z.string().optional().meta({ title: 'Name before' }),
    locationId: z.string().meta({ title: 'Location id' }),
  }),
  samples: [{ change: 'created', tag: locationTagSample, locationId: 'LocNorthgateSolar001' }],
  poll: {
    mode: 'scan',
    every: '5 m',
    page: async (call) => ({ items: await readLocationTags(call) }),
    id: (tag) => tag.id,
    content: (tag) => ({ name: tag.name }),
    fact: ({ change, item, previous, hash, revision, connection, now }) => ({
      key: `hl.location-tag:${connection.locationId}:${item.id}:${hash}:${revision}`,
      at: now,
      data: {
        change,
        tag: item,
        previousName: previous !== undefined && previous.name !== item.name ? previous.name : undefined,
        locationId: connection.locationId,
      },
      ...(change === 'removed' ? {} : { echo: [locationTagMark(connection.locationId, item)] }),
    }),
  },
})
