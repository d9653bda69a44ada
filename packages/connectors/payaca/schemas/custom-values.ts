import { z } from 'zod'

/** A value of a custom field. Payaca says "any" (CONFIRMED); these are the kinds its field types can hold. */
export const CustomValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])
export type CustomValue = z.output<typeof CustomValue>

export const CustomValues = z
  .record(z.string().min(1).max(255), CustomValue)
  .meta({ title: 'Custom fields', description: 'Identifier of the field to its value.' })

/** Where the identifiers are listed that values of customers, or of projects, may have. */
export const listedKeys = (groupRole: 'customer' | 'project') => ({ keys: { list: 'customFields', given: { groupRole } } })

/** Values as read; a kind Couplet does not know becomes its JSON text. */
export const toCustomValues = (values: Record<string, unknown> | null | undefined): Record<string, CustomValue> =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([identifier, value]) => {
      const known = CustomValue.safeParse(value)
      return [identifier, known.success ? known.data : JSON.stringify(value)]
    }),
  )

/** Tags in one order, each once: two lists with the same tags are the same. */
export const canonicalTags = (tags: readonly string[]): string[] => [...new Set(tags)].toSorted()
