import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readCategories } from '../reads/categories.ts'
import { Category, categorySample } from '../schemas/category.ts'

export const socialCategoryList = vendor.action({
  id: 'highlevel.social-category.list',
  version: 1,
  title: 'List categories',
  summary: 'Reads a page of the categories of the Social Planner.',
  phrase: 'list the post categories of {connection}',
  group: 'Social Planner',
  facts: [{ mark: 'CONFIRMED', text: 'Categories can be read but not created or changed by API.' }],
  scopes: ['socialplanner/category.readonly'],
  input: z.object({
    searchText: z.string().optional().meta({ title: 'Search for' }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(100).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ categories: z.array(Category).meta({ title: 'Categories' }), count: z.number().meta({ title: 'Number in all' }) }),
  samples: [{ categories: [categorySample], count: 1 }],
  rejects: [{ input: { skip: -1 }, because: 'nothing lies before the first' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run(call) {
    const { categories, count } = await readCategories(call, call.input)
    return { categories, count: count ?? categories.length }
  },
})
