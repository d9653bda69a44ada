import { z } from 'zod'
import { decorated } from './decorate.ts'
import { flat } from './members.ts'
import { isObject, type Schema } from './schema.ts'

/** The answer as a step gives it on: always an object, since only an object has members to pick from. */
export const handedOn = (body: unknown): Record<string, unknown> => {
  if (isObject(body)) return body
  if (Array.isArray(body)) return { items: body }
  return body === undefined || body === null || body === '' ? {} : { value: body }
}

/** What is handed on of an answer that is known to be empty. */
const NOTHING: Schema = { type: 'object', properties: {}, additionalProperties: false }

/** The type of what is handed on. */
export function answerSchema(reply: Schema = {}): Schema {
  const members = flat(reply)
  if (members && Object.keys(members.properties).length === 0 && reply['additionalProperties'] === false) return NOTHING
  const others = isObject(reply['additionalProperties']) ? { additionalProperties: reply['additionalProperties'] } : {}
  if (members) return decorated({ type: 'object', properties: members.properties, ...others }, '', 'output')
  if (reply['type'] === 'array') return decorated({ type: 'object', properties: { items: reply } }, '', 'output')
  if (reply['type'] === undefined || reply['type'] === 'object') return decorated({ type: 'object', ...others }, '', 'output')
  return decorated({ type: 'object', properties: { value: reply } }, '', 'output')
}

/**
 * Describes the answer member by member and refuses none: a vendor whose files lag behind its service must not break a step that uses two members of
 * twenty. So the schema carries the types as its own description instead of checking them.
 */
export const answerOf = (schema: Schema): z.ZodType => z.looseObject({}).meta({ ...schema })
