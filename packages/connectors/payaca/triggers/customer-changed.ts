import { z } from 'zod'
import { payaca } from '../connector.ts'
import { chosenPage, listPage, type ScannedCustomer } from '../customer-scan.ts'
import { fieldMark, tagsMark } from '../marks.ts'
import { canonicalTags, CustomValue, CustomValues } from '../schemas/custom-values.ts'
import { CustomerId } from '../schemas/customer.ts'

const Input = z.object({
  customers: z.array(CustomerId).max(500).optional().meta({
    title: 'Only these customers',
    description: 'Empty: all. Each chosen customer is one call per poll, and the surest way to see tags.',
  }),
})
const Output = z.object({
  change: z.enum(['created', 'changed', 'removed']).meta({ title: 'What happened' }),
  customer: z
    .object({
      id: z.string().meta({ title: 'Customer id' }),
      name: z.string().meta({ title: 'Name' }),
      tags: z.array(z.string()).meta({ title: 'Tags' }),
      customFields: CustomValues,
    })
    .meta({ title: 'Customer' }),
  addedTags: z.array(z.string()).meta({ title: 'Added tags' }),
  removedTags: z.array(z.string()).meta({ title: 'Removed tags' }),
  changedFields: z
    .array(
      z.object({
        identifier: z.string().meta({ title: 'Field' }),
        before: CustomValue.meta({ title: 'Before' }),
        after: CustomValue.meta({ title: 'After' }),
      }),
    )
    .meta({ title: 'Changed custom fields' }),
})

/** What differs between two readings. A field that went away has `null` after. */
export function customerDiff(
  before: ScannedCustomer | undefined,
  after: ScannedCustomer,
): Pick<z.output<typeof Output>, 'addedTags' | 'removedTags' | 'changedFields'> {
  const known = { tags: before?.tags ?? [], fields: before?.customFields ?? {} }
  const identifiers = [...new Set([...Object.keys(known.fields), ...Object.keys(after.customFields)])].toSorted()
  return {
    addedTags: canonicalTags(after.tags.filter((tag) => !known.tags.includes(tag))),
    removedTags: canonicalTags(known.tags.filter((tag) => !after.tags.includes(tag))),
    changedFields: identifiers
      .map((identifier) => ({ identifier, before: known.fields[identifier] ?? null, after: after.customFields[identifier] ?? null }))
      .filter((field) => JSON.stringify(field.before) !== JSON.stringify(field.after)),
  }
}

export const customerChanged = payaca.trigger<typeof Input, typeof Output, ScannedCustomer>({
  id: 'payaca.customer.changed',
  version: 1,
  title: 'Tags or custom fields of a customer changed',
  summary:
    'Reads the customers in turn and starts when tags or custom fields of one differ from the last reading. What Couplet wrote itself starts nothing.',
  phrase: 'tags or custom fields of a customer change in {connection}',
  group: 'Customers',
  facts: [
    { mark: 'CONFIRMED', text: 'Payaca has no event for tags, customers or custom fields, so they are read in turn.' },
    { mark: 'ASSUMED', text: 'A renamed tag shows as one removed and one added.' },
  ],
  scopes: [],
  input: Input,
  output: Output,
  samples: [
    {
      change: 'changed',
      customer: { id: 'c1', name: 'Green Homes Ltd', tags: ['Solar', 'Spring launch'], customFields: { ghlSocialTags: 'Solar' } },
      addedTags: ['Spring launch'],
      removedTags: [],
      changedFields: [{ identifier: 'ghlSocialTags', before: null, after: 'Solar' }],
    },
  ],
  poll: {
    mode: 'scan',
    every: '5 m',
    page: ({ input, connection, http, cursor }) =>
      input.customers?.length ? chosenPage(http, connection, input.customers, cursor) : listPage(http, connection, cursor),
    id: (item) => item.id,
    content: (item) => ({ tags: canonicalTags(item.tags), customFields: item.customFields }),
    fact({ change, item, previous, hash, revision, now }) {
      const isRemoved = change === 'removed'
      const diff = isRemoved ? { addedTags: [], removedTags: [], changedFields: [] } : customerDiff(previous, item)
      const echo = [
        ...(diff.addedTags.length + diff.removedTags.length > 0 ? [tagsMark(item.id, item.tags)] : []),
        ...diff.changedFields.map((field) => fieldMark(item.id, field.identifier, field.after)),
      ]
      return {
        key: `py.customer:${item.id}:${isRemoved ? 'removed' : 'tags'}:${hash}:${revision}`,
        at: now,
        data: { change, customer: item, ...diff },
        // A new customer is news even when all its values are ours.
        ...(change === 'changed' && echo.length > 0 ? { echo } : {}),
      }
    },
  },
})
