import { z } from 'zod'
import { builtin } from '../connector.ts'
import { mergeLabels } from '../labels.ts'

const tagList = (title: string) => z.array(z.string()).meta({ title })

export const textMergeLabels = builtin.action({
  id: 'builtin.text.merge-labels',
  version: 1,
  title: 'Merge labels into tags',
  summary:
    'Puts a list of labels among existing tags and leaves tags of others alone. Labels that are no longer in the list are taken out again: Couplet owns the tags with the prefix.',
  phrase: 'merge labels into the tags',
  group: 'Text',
  scopes: [],
  input: z.object({
    current: z
      .union([z.string(), z.array(z.string())])
      .default('')
      .meta({ title: 'Tags now', description: 'A list, or one text with commas.' }),
    labels: z.array(z.string()).meta({ title: 'Labels that should be there', examples: [['Spring launch']] }),
    prefix: z
      .string()
      .regex(/^[^,]+$/, 'At least one sign, no comma')
      .default('ghl:')
      .meta({ title: 'Prefix of our tags' }),
    marker: z
      .string()
      .regex(/^[^,]*$/, 'No comma')
      .default('ghl')
      .meta({ title: 'Marker tag', description: 'Always there, so that the list is never empty.', advanced: true }),
  }),
  output: z.object({
    tags: tagList('Merged tags'),
    changed: z.boolean().meta({ title: 'Anything changed', description: 'No: there is nothing to write.' }),
    added: tagList('Added'),
    removed: tagList('Removed'),
    replaced: z
      .array(z.object({ label: z.string().meta({ title: 'Label' }), used: z.string().meta({ title: 'Used instead' }) }))
      .meta({ title: 'Labels that had a comma' }),
  }),
  samples: [
    { tags: ['catalogue', 'ghl', 'ghl:Spring launch'], changed: true, added: ['ghl', 'ghl:Spring launch'], removed: [], replaced: [] },
  ],
  rejects: [
    { input: { labels: [], prefix: '' }, because: 'without a prefix Couplet would own the tags of everybody' },
    { input: { labels: 'Spring launch' }, because: 'labels are a list' },
  ],
  effect: { kind: 'read' },
  run: ({ input }) => Promise.resolve(mergeLabels(input)),
})
