import { z } from 'zod'
import { builtin } from '../connector.ts'
import { meets, TESTS } from '../filter.ts'
import { JsonPath } from '../json-path.ts'

const NEEDS_NO_VALUE = ['is-empty', 'is-not-empty']

export const dataFilterList = builtin.action({
  id: 'builtin.data.filter-list',
  version: 1,
  title: 'Filter a list',
  summary: 'Keeps the items of a list that meet the conditions, in their order.',
  phrase: 'filter a list',
  group: 'Data',
  scopes: [],
  input: z.object({
    items: z.array(z.unknown()).max(10_000).meta({ title: 'List' }),
    match: z.enum(['all', 'any']).default('all').meta({ title: 'An item must meet', description: 'all conditions, or any one of them' }),
    conditions: z
      .array(
        z
          .object({
            path: JsonPath.optional().meta({ title: 'Member', description: 'Empty: the item itself.', placeholder: 'status' }),
            test: z.enum(TESTS).meta({ title: 'Test' }),
            value: z.unknown().optional().meta({ title: 'Value' }),
          })
          .refine((condition) => NEEDS_NO_VALUE.includes(condition.test) || condition.value !== undefined, {
            path: ['value'],
            message: 'This test needs a value',
          }),
      )
      .min(1)
      .max(20)
      .meta({ title: 'Conditions' }),
  }),
  output: z.object({
    items: z.array(z.unknown()).meta({ title: 'Kept items' }),
    count: z.int().meta({ title: 'Kept' }),
    dropped: z.int().meta({ title: 'Left out' }),
  }),
  samples: [{ items: [{ id: 'a', status: 'published' }], count: 1, dropped: 2 }],
  rejects: [
    { input: { items: [], conditions: [] }, because: 'nothing to test' },
    { input: { items: [], conditions: [{ path: 'status', test: 'is' }] }, because: 'the value to compare with is missing' },
  ],
  effect: { kind: 'read' },
  run({ input }) {
    const items = input.items.filter((item) =>
      input.match === 'all'
        ? input.conditions.every((condition) => meets(item, condition))
        : input.conditions.some((condition) => meets(item, condition)),
    )
    return Promise.resolve({ items, count: items.length, dropped: input.items.length - items.length })
  },
})
