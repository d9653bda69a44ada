import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { SocialTag, TagsReply, tagSample } from '../schemas/tag.ts'
import { DATED } from '../version-headers.ts'

/** How many ids go into one call; the vendor names no limit (ASSUMED). */
const IDS_AT_ONCE = 100

export const socialTagGetMany = vendor.action({
  id: 'highlevel.social-tag.get-many',
  version: 1,
  title: 'Read social tags by id',
  summary: 'Reads the tags of the Social Planner with these ids. It does not change them.',
  phrase: 'read chosen social tags of {connection}',
  group: 'Social Planner',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'The address ends in tags/details and is called by POST, but it only reads: nothing can be pushed into it.',
    },
  ],
  scopes: ['socialplanner/tag.readonly'],
  input: z.object({ tagIds: z.array(pick('tags')).min(1).max(1_000).meta({ title: 'Tags' }) }),
  output: z.object({
    tags: z.array(SocialTag).meta({ title: 'Tags' }),
    names: z.array(z.string()).meta({ title: 'Names' }),
    missingIds: z.array(z.string()).meta({ title: 'Ids not found' }),
  }),
  samples: [{ tags: [tagSample], names: ['spring offer'], missingIds: [] }],
  rejects: [{ input: { tagIds: [] }, because: 'no tag is named' }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  batch: {
    key: () => 'ids',
    merge: (inputs) => ({ tagIds: [...new Set(inputs.flatMap((input) => input.tagIds))] }),
    split: (output, input) => {
      const ids = new Set(input.tagIds)
      const tags = output.tags.filter((tag) => ids.has(tag.id))
      return { tags, names: tags.map((tag) => tag.name), missingIds: output.missingIds.filter((id) => ids.has(id)) }
    },
  },
  async run({ input, connection, http }) {
    const ids = [...new Set(input.tagIds)]
    const tags: SocialTag[] = []
    for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
      const page = await http({
        method: 'POST',
        path: path`/social-media-posting/${connection.locationId}/tags/details`,
        headers: DATED,
        body: { tagIds: ids.slice(start, start + IDS_AT_ONCE) },
        reply: TagsReply,
      })
      tags.push(...page.tags)
    }
    const found = new Set(tags.map((tag) => tag.id))
    return { tags, names: tags.map((tag) => tag.name), missingIds: ids.filter((id) => !found.has(id)) }
  },
})
