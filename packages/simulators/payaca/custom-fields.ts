import { isJsonObject } from '@couplet/core'
import { type NewField } from './bodies.ts'
import { Refusal } from './refusal.ts'
import type { FieldDefinition, FieldRole, PayacaContext } from './state.ts'

const TYPE_SCHEMAS: Record<FieldDefinition['type'], object> = {
  text: { type: ['string', 'null'] },
  textarea: { type: ['string', 'null'] },
  email: { type: ['string', 'null'], format: 'email' },
  url: { type: ['string', 'null'], format: 'uri' },
  boolean: { type: ['boolean', 'null'] },
  number: { type: ['number', 'null'] },
  select: { type: ['string', 'null'] },
  fieldset: { type: ['object', 'null'] },
}
const EXAMPLES: Record<FieldDefinition['type'], unknown> = {
  text: 'Some text',
  textarea: 'Some longer text',
  email: 'ann@example.com',
  url: 'https://example.com/page',
  boolean: true,
  number: 12,
  select: '',
  fieldset: {},
}

const toIdentifier = (label: string): string => {
  const words = label.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return (
    words
      .map((word, index) => (index === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()))
      .join('') || 'field'
  )
}

/** A definition as the vendor shows it; an absent identifier is made from the label. */
export function defineField(field: NewField): FieldDefinition {
  const options = field.type === 'select' ? field.options : undefined
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...TYPE_SCHEMAS[field.type],
    ...(options ? { enum: [...options, null] } : {}),
  }
  return {
    type: field.type,
    identifier: field.identifier ?? toIdentifier(field.label),
    label: field.label,
    exampleValue: options ? options[0] : EXAMPLES[field.type],
    schema: JSON.stringify(schema),
    ...(options ? { options } : {}),
    ...(field.type === 'fieldset' ? { children: [] } : {}),
  }
}

/** Adds definitions; one that is taken refuses them all (ASSUMED). */
export function addDefinitions(definitions: FieldDefinition[], fields: readonly NewField[]): FieldDefinition[] {
  const added = fields.map(defineField)
  const identifiers = [...definitions, ...added].map(({ identifier }) => identifier)
  const twice = identifiers.find((identifier, index) => identifiers.indexOf(identifier) !== index)
  if (twice !== undefined) throw new Refusal(422, `The identifier ${twice} is already in use.`)
  definitions.push(...added)
  return added
}

function isFitting(definition: FieldDefinition, value: unknown): boolean {
  if (value === null) return true
  switch (definition.type) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number'
    case 'fieldset':
      return isJsonObject(value)
    case 'select':
      return typeof value === 'string' && (definition.options ?? []).includes(value)
    case 'url':
      return typeof value === 'string' && URL.canParse(value)
    default:
      return typeof value === 'string'
  }
}

/**
 * The values after an update. Keys are the configured identifiers (CONFIRMED); refusing others, checking types, and keeping
 * unnamed keys are ASSUMED. `null` for the whole object clears everything unless values are merged.
 */
export function updatedValues(
  context: PayacaContext,
  role: FieldRole,
  current: Record<string, unknown>,
  update: Record<string, unknown> | null | undefined,
): Record<string, unknown> {
  if (update === undefined) return current
  const isMerging = context.setting('customFieldsMerge')
  const values: Record<string, unknown> = isMerging ? { ...current } : {}
  for (const [identifier, value] of Object.entries(update ?? {})) {
    const definition = context.state.customFields[role].find((definition) => definition.identifier === identifier)
    if (definition) {
      if (!isFitting(definition, value)) throw new Refusal(422, `The custom field ${identifier} takes a ${definition.type}.`)
      values[identifier] = value
    } else if (context.setting('refuseUnknownCustomField')) throw new Refusal(422, `There is no custom field ${identifier}.`)
  }
  return values
}
