import { z } from 'zod'
import { Customer } from './customer.ts'
import { tagNames } from './tags.ts'

export const WantedTags = z
  .array(z.string())
  .max(100)
  .refine((tags) => tagNames(tags).names.length > 0, 'At least one tag with a letter or a digit')
  .meta({ title: 'Tags', examples: [['Solar', 'Spring launch']] })

export const TaggedOutput = z.object({
  customer: Customer,
  tags: z.array(z.string()).meta({ title: 'Tags as sent' }),
  renamed: z
    .array(z.object({ wanted: z.string().meta({ title: 'Wanted' }), used: z.string().meta({ title: 'Used' }) }))
    .meta({ title: 'Changed names', description: 'Names that had to be shortened or cleaned to fit Payaca.' }),
})
