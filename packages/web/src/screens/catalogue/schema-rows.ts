import { choicesOf, fieldsOf, type FieldView, itemSchema, kindOfField, plainSchema, type Schema } from '../../schema/read-schema.ts'

/** One member of a schema as the tree shows it. */
export type SchemaRow = { field: FieldView; type: string; choices: readonly string[]; members: Schema | undefined }

const TYPE_WORDS: Readonly<Record<FieldView['kind'], string>> = {
  text: 'text',
  'long-text': 'long text',
  number: 'number',
  'yes-no': 'yes or no',
  choice: 'one of',
  pick: 'id, chosen by name',
  date: 'date',
  'date-time': 'date and time',
  list: 'list',
  object: 'object',
  record: 'object of any members',
  any: 'anything',
}
const PLURALS: Readonly<Partial<Record<FieldView['kind'], string>>> = {
  text: 'texts',
  'long-text': 'texts',
  number: 'numbers',
  'yes-no': 'yes or no',
  object: 'objects',
  record: 'objects',
  list: 'lists',
  pick: 'ids, chosen by name',
  date: 'dates',
  'date-time': 'times',
}

/** The schema whose members lie under a field: its own, or those of a list's items. */
function membersUnder(schema: Schema, root: Schema, depth = 0): Schema | undefined {
  const kind = kindOfField(schema)
  if (kind === 'object') return schema
  return kind === 'list' && depth < 3 ? membersUnder(itemSchema(schema, root), root, depth + 1) : undefined
}

function typeOf(schema: Schema, root: Schema): string {
  const kind = kindOfField(schema)
  if (kind === 'list') {
    const items = kindOfField(itemSchema(schema, root))
    return items === 'any' ? 'list' : `list of ${PLURALS[items] ?? 'values'}`
  }
  return kind === 'text' && schema['format'] === 'email'
    ? 'e-mail address'
    : kind === 'text' && schema['format'] === 'uri'
      ? 'web address'
      : TYPE_WORDS[kind]
}

/** The members of an object schema in the order of the vendor, needed ones first. */
export function schemaRows(schema: Schema, root: Schema = schema): SchemaRow[] {
  const plain = plainSchema(schema, root)
  return fieldsOf(plain, root).map((field): SchemaRow => {
    const items = field.kind === 'list' ? itemSchema(field.schema, root) : field.schema
    return {
      field,
      type: typeOf(field.schema, root),
      choices: kindOfField(items) === 'choice' ? choicesOf(items).map(({ value }) => value) : [],
      members: membersUnder(field.schema, root),
    }
  })
}
