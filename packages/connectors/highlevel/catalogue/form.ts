import { z } from 'zod'
import type { Schema } from './facts.ts'
import { decorated } from './decorate.ts'
import type { Plan } from './plan.ts'
import { fieldTitle } from '@couplet/connector-sdk'

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

/** The form of an operation as JSON Schema: fields in the order path, query, body; needed ones first come by their order at the vendor. */
function formSchema(plan: Plan): Schema {
  const properties = plan.fields.map(({ name, member, place, schema, isRequired, isFile }) => {
    const made: Schema = isFile
      ? { ...FileField, title: fieldTitle(member) }
      : { title: fieldTitle(name), ...decorated(schema, member, 'input') }
    const isText = made['type'] === 'string' && made['enum'] === undefined
    return [
      name,
      {
        ...made,
        ...(place === 'path' && isText ? { minLength: 1 } : {}),
        ...(ADVANCED.has(member) && !isRequired ? { advanced: true } : {}),
      },
    ] as const
  })
  const companies = plan.filled.some(({ from }) => from === 'companyId')
    ? [['companyId', { type: 'string', minLength: 1, title: 'Agency id', advanced: true }] as const]
    : []
  const required = plan.fields.flatMap(({ name, isRequired }) => (isRequired ? [name] : []))
  return { type: 'object', properties: Object.fromEntries([...properties, ...companies]), ...(required.length > 0 ? { required } : {}) }
}

/** The same as a zod schema. Members nobody declared are dropped: HighLevel refuses what it does not know (REPORTED). */
export function formOf(plan: Plan): z.ZodType {
  const made = z.fromJSONSchema({ ...formSchema(plan) })
  return made instanceof z.ZodObject ? made.strip() : made
}
