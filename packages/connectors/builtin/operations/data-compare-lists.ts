import { z } from 'zod'
import { compareLists } from '../compare.ts'
import { builtin } from '../connector.ts'
import { JsonPath } from '../json-path.ts'

const list = (title: string) => z.array(z.unknown()).meta({ title })

export const dataCompareLists = builtin.action({
  id: 'builtin.data.compare-lists',
  version: 1,
  title: 'Compare two lists',
  summary: 'Says which items were added, removed, changed or kept between two lists. The order of items does not matter.',
  phrase: 'compare two lists',
  group: 'Data',
  scopes: [],
  input: z.object({
    before: z.array(z.unknown()).max(10_000).meta({ title: 'Before' }),
    after: z.array(z.unknown()).max(10_000).meta({ title: 'After' }),
    by: JsonPath.optional().meta({
      title: 'Member that names an item',
      description: 'Empty: whole items are compared.',
      placeholder: 'id',
    }),
  }),
  output: z.object({
    added: list('Added'),
    removed: list('Removed'),
    changed: z
      .array(z.object({ before: z.unknown().meta({ title: 'Before' }), after: z.unknown().meta({ title: 'After' }) }))
      .meta({ title: 'Changed' }),
    kept: list('Unchanged'),
    isSame: z.boolean().meta({ title: 'Nothing differs' }),
  }),
  samples: [{ added: ['Solar'], removed: ['Old'], changed: [], kept: ['Heat pump'], isSame: false }],
  rejects: [{ input: { before: 'Solar', after: [] }, because: 'both must be lists' }],
  effect: { kind: 'read' },
  run: ({ input }) => Promise.resolve(compareLists(input.before, input.after, input.by)),
})
