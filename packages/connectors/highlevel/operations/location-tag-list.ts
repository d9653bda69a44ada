import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readLocationTags } from '../reads/location-tags.ts'
import { LocationTag, locationTagSample } from '../schemas/location-tag.ts'

export const locationTagList = vendor.action({
  id: 'highlevel.location-tag.list',
  version: 1,
  title: 'List location tags',
  summary: 'Reads the tags of the sub-account, the ones used on contacts.',
  phrase: 'list the location tags of {connection}',
  group: 'Tags of the sub-account',
  facts: [{ mark: 'CONFIRMED', text: 'These are not the tags of the Social Planner: HighLevel keeps three unrelated stores of tags.' }],
  scopes: ['locations/tags.readonly'],
  input: z.object({}),
  output: z.object({ tags: z.array(LocationTag).meta({ title: 'Tags' }), names: z.array(z.string()).meta({ title: 'Names' }) }),
  samples: [{ tags: [locationTagSample], names: ['roof survey'] }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  async run(call) {
    const tags = await readLocationTags(call)
    return { tags, names: tags.map((tag) => tag.name) }
  },
})
