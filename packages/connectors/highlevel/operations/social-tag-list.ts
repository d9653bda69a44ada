import { z } from 'zod'
import { vendor } from '../connector.ts'
import { allTags, tagPage } from '../reads/tags.ts'
import { SocialTag, tagSample } from '../schemas/tag.ts'

export const socialTagList = vendor.action({
  id: 'highlevel.social-tag.list',
  version: 1,
  title: 'List social tags',
  summary: 'Reads the tags of the Social Planner: all of them, or one page.',
  phrase: 'list the social tags of {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: 'Tags of the Social Planner can be read but not created, renamed or deleted by API.' },
    { mark: 'ASSUMED', text: 'Deleted tags may stay in the list, marked as deleted.' },
  ],
  scopes: ['socialplanner/tag.readonly'],
  input: z.object({
    searchText: z.string().optional().meta({ title: 'Search for', description: 'Only tags with this text in their name.' }),
    withDeleted: z.boolean().default(false).meta({ title: 'Deleted ones too', advanced: true }),
    skip: z.int().nonnegative().optional().meta({ title: 'Skip', description: 'Fill in to read one page only.', advanced: true }),
    limit: z.int().min(1).max(100).default(100).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({
    tags: z.array(SocialTag).meta({ title: 'Tags' }),
    names: z.array(z.string()).meta({ title: 'Names' }),
    count: z.number().meta({ title: 'Number of tags', description: 'As HighLevel counts them; deleted ones may be in it.' }),
  }),
  samples: [{ tags: [tagSample], names: ['spring offer'], count: 1 }],
  rejects: [{ input: { limit: 0 }, because: 'a page has at least one tag' }],
  effect: { kind: 'read' },
  cacheFor: '30 s',
  async run(call) {
    const { searchText, skip, limit, withDeleted } = call.input
    const page = skip === undefined ? undefined : await tagPage(call, { skip: String(skip), limit, searchText })
    const found = page?.tags ?? (await allTags(call, searchText))
    const tags = withDeleted ? found : found.filter((tag) => !tag.isDeleted)
    return { tags, names: tags.map((tag) => tag.name), count: page?.count ?? found.length }
  },
})
