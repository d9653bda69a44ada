import { path, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { notFound } from '../refusals.ts'
import { Category, CategoryReply, categorySample } from '../schemas/category.ts'
import { DATED } from '../version-headers.ts'

export const socialCategoryGet = vendor.action({
  id: 'highlevel.social-category.get',
  version: 1,
  title: 'Read a category',
  summary: 'Reads one category of the Social Planner.',
  phrase: 'read a post category of {connection}',
  group: 'Social Planner',
  scopes: ['socialplanner/category.readonly'],
  input: z.object({ id: pick('categories').meta({ title: 'Category' }) }),
  output: Category,
  samples: [categorySample],
  rejects: [{ input: {}, because: 'no category is named' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ input, connection, http }) {
    const { category } = await http({
      method: 'GET',
      path: path`/social-media-posting/${connection.locationId}/categories/${input.id}`,
      headers: DATED,
      reply: CategoryReply,
    })
    if (!category) throw notFound('HighLevel does not know this category.')
    return category
  },
})
