import { z } from 'zod'
import { decorated } from './decorate.ts'
import { fieldTitle } from './field-title.ts'
import type { Plan } from './plan.ts'
import { isObject, type Schema } from './schema.ts'

/** A file as a person or a mapping gives it. */
const FileField: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200, title: 'File name' },
    contentType: { type: 'string', pattern: '^[\\w.+-]+/[\\w.+-]+$', title: 'Content type', examples: ['image/png', 'text/csv'] },
    encoding: { type: 'string', enum: ['text', 'base64'], title: 'Content is' },
    content: { type: 'string', minLength: 1, maxLength: 34_000_000, title: 'Content', multiline: true },
  },
  required: ['name', 'contentType', 'encoding', 'content'],
}

/** Paging and other fields most people never touch. */
const ADVANCED = new Set(['skip', 'limit', 'offset', 'page', 'pageSize', 'pageLimit', 'pageToken', 'cursor', 'startAfter', 'startAfterId'])

/** A choice list, the other fields it depends on, and a better title where the field's own name says little. */
type Choices = { list: string; given: readonly string[]; title?: string }

export type FormHints = {
  /** Fields whose choices the connector offers by name: the choice list, and the other fields it depends on. */
  lists?: Readonly<Record<string, Choices>>
  /** The same for members of the items of a field: the `id` of each of the `customFields`. */
  itemLists?: Readonly<Record<string, Readonly<Record<string, Choices>>>>
  /** Fields of the connector's own, beside those of the plan. */
  extra?: Readonly<Record<string, Schema>>
}

const isText = (schema: Schema): boolean => schema['type'] === 'string' && schema['enum'] === undefined

/** The field with the list its values are picked from: its own when it is a text, that of its items when it is a list of texts. */
function withChoices(made: Schema, choices: Choices | undefined): Schema {
  if (choices === undefined) return made
  if (isText(made)) return { ...made, ...choices }
  const { items } = made
  return isObject(items) && isText(items) ? { ...made, items: { ...items, ...choices } } : made
}

/** The list with choices for members of its items, in each of the forms an item may have. */
function withItemChoices(made: Schema, members: Readonly<Record<string, Choices>> | undefined): Schema {
  const inItem = (item: unknown): unknown => {
    if (!isObject(item) || members === undefined) return item
    const { properties, anyOf } = item
    return {
      ...item,
      ...(isObject(properties)
        ? {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, part]) => [name, isObject(part) ? withChoices(part, members[name]) : part]),
            ),
          }
        : {}),
      ...(Array.isArray(anyOf) ? { anyOf: anyOf.map(inItem) } : {}),
    }
  }
  return members === undefined ? made : { ...made, items: inItem(made['items']) }
}

/** The form of an operation as JSON Schema: fields in the order path, query, body; needed ones first come by their order at the vendor. */
function formSchema(plan: Plan, { lists = {}, itemLists = {}, extra = {} }: FormHints): Schema {
  const properties = plan.fields.map(({ name, member, place, schema, isRequired, isFile }) => {
    const made: Schema = isFile
      ? { ...FileField, title: fieldTitle(member) }
      : { title: fieldTitle(name), ...withItemChoices(withChoices(decorated(schema, member, 'input'), lists[member]), itemLists[member]) }
    return [
      name,
      {
        ...made,
        ...(place === 'path' && isText(made) ? { minLength: 1 } : {}),
        ...(ADVANCED.has(member) && !isRequired ? { advanced: true } : {}),
      },
    ] as const
  })
  const required = plan.fields.flatMap(({ name, isRequired }) => (isRequired ? [name] : []))
  return { type: 'object', properties: { ...Object.fromEntries(properties), ...extra }, ...(required.length > 0 ? { required } : {}) }
}

/** The same as a zod schema. Members nobody declared are dropped: a vendor may refuse what it does not know. */
export function callForm(plan: Plan, hints: FormHints = {}): z.ZodType {
  const made = z.fromJSONSchema({ ...formSchema(plan, hints) })
  return made instanceof z.ZodObject ? made.strip() : made
}
