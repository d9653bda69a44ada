import { z } from 'zod'
import { objectOf, rowsOf } from './rows.ts'

const GROUP_ROLES = ['project', 'customer'] as const
export const GroupRole = z
  .enum(GROUP_ROLES)
  .default('project')
  .meta({ title: 'Fields of', description: 'Only project is confirmed; fields of customers may have to be made in Payaca by hand.' })

const SIMPLE_TYPES = ['text', 'textarea', 'email', 'url', 'boolean', 'number'] as const
/** The reference's pattern and its samples disagree about `-` and `_`; an identifier without both is safe. */
const Identifier = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]*$/, 'Letters and digits only, beginning with a letter')
  .max(255)

const label = z.string().min(1).max(1023).meta({ title: 'Label' })
const identifier = Identifier.optional().meta({
  title: 'Identifier',
  description: 'Payaca makes one when this is empty.',
  placeholder: 'ghlSocialTags',
})

export const NewField = z.discriminatedUnion('type', [
  z.object({ type: z.enum(SIMPLE_TYPES).meta({ title: 'Kind' }), label, identifier }),
  z.object({
    type: z.literal('select').meta({ title: 'Kind' }),
    label,
    identifier,
    options: z.array(z.string().min(1).max(255)).min(1).max(20).meta({ title: 'Choices' }),
  }),
])
export type NewField = z.output<typeof NewField>

export const CustomField = z
  .object({
    identifier: z.string().meta({ title: 'Identifier' }),
    label: z.string().meta({ title: 'Label' }),
    type: z.string().meta({ title: 'Kind' }),
    exampleValue: z.string().meta({ title: 'Example' }),
    schema: z.string().meta({ title: 'Schema', description: 'JSON Schema of the value, as text.' }),
    fieldset: z.string().optional().meta({ title: 'In fieldset' }),
  })
  .meta({ title: 'Custom field' })
export type CustomField = z.output<typeof CustomField>

const text = z.string().nullish().catch(undefined)
const FieldReply = z.looseObject({
  identifier: z.string(),
  label: text,
  type: text,
  exampleValue: z.unknown().optional(),
  schema: z.unknown().optional(),
  children: z.array(z.unknown()).nullish().catch(undefined),
})

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

function toFields(row: unknown, fieldset?: string): CustomField[] {
  const parsed = FieldReply.safeParse(row)
  if (!parsed.success) return []
  const { identifier, label, type, exampleValue, schema, children } = parsed.data
  const own = {
    identifier,
    label: label ?? identifier,
    type: type ?? '',
    exampleValue: asText(exampleValue),
    schema: asText(schema),
    fieldset,
  }
  // One level: a fieldset holds fields, never fieldsets.
  return [own, ...(fieldset === undefined ? (children ?? []).flatMap((child) => toFields(child, identifier)) : [])]
}

/** All fields of an answer, those of fieldsets directly behind their fieldset. */
export const FieldListAnswer = z.unknown().transform((body) => rowsOf(body, 'customFields').flatMap((row) => toFields(row)))
/** The fieldset a create call answers, with its children. */
export const FieldsetAnswer = z.unknown().transform((body) => toFields(objectOf(body, 'customField', 'fieldset')))

/** The existing field for each wanted one, by identifier, else by label and kind; `undefined` unless all are there. */
export function allThere(wanted: readonly NewField[], existing: readonly CustomField[], fieldset?: string): CustomField[] | undefined {
  const inPlace = existing.filter((field) => fieldset === undefined || field.fieldset === fieldset)
  const found = wanted.map((field) =>
    inPlace.find((candidate) =>
      field.identifier === undefined
        ? candidate.label === field.label && candidate.type === field.type
        : candidate.identifier === field.identifier,
    ),
  )
  return found.every((field) => field !== undefined) ? found : undefined
}

export const sampleField = {
  identifier: 'ghlSocialTags',
  label: 'Social tags',
  type: 'text',
  exampleValue: 'spring-launch',
  schema: '{"type":["string","null"]}',
} satisfies z.input<typeof CustomField>
