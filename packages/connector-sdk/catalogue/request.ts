import { type Fault, userFault } from '@couplet/core'
import type { FilePart, HttpRequest } from '../http.ts'
import type { CallFacts } from './call-facts.ts'
import type { Field, Filled, Plan } from './plan.ts'
import { isObject } from './schema.ts'

type Values = Readonly<Record<string, unknown>>

/** The value of the connection for a filled place; `undefined` leaves it out. */
export type Known = (filled: Filled) => string | undefined

/**
 * The request an operation means with these values. Values go into their place percent-encoded; what the connection knows is filled in.
 * Throws a user fault when a part of the path is missing, or what `known` throws.
 */
export function callRequest(facts: CallFacts, plan: Plan, values: Values, known: Known = () => undefined): HttpRequest {
  const at = (place: Field['place']) => membersAt(plan, place, values, known)
  const body = bodyOf(facts, plan, values, at('body'))
  return {
    method: facts.method,
    path: filledPath(facts.path, at('path')),
    query: Object.fromEntries(Object.entries(at('query')).map(([name, value]) => [name, queryValue(value)])),
    headers: Object.fromEntries(Object.entries(at('header')).map(([name, value]) => [name, textOf(value)])),
    ...body,
  }
}

/** Values that go to one place, by the vendor's names. Those left empty are not sent. */
function membersAt(plan: Plan, place: Field['place'], values: Values, known: Known): Record<string, unknown> {
  const filled = plan.filled.flatMap((one) => {
    const value = one.place === place ? known(one) : undefined
    return value === undefined ? [] : [[one.member, value] as const]
  })
  const given = plan.fields.flatMap((field) => {
    const value = field.place === place && field.member !== '' && !field.isFile ? values[field.name] : undefined
    return value === undefined ? [] : [[field.member, value] as const]
  })
  return Object.fromEntries([...filled, ...given])
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

function filledPath(template: string, members: Values): string {
  const fields: Record<string, string> = {}
  const path = template.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => {
    const value = textOf(members[name])
    if (value === '' || value === '.' || value === '..') fields[name] = 'needed'
    return encodeURIComponent(value)
  })
  if (Object.keys(fields).length > 0)
    throw userFault({
      code: 'operation.path_incomplete',
      message: `The path ${template} is not filled in.`,
      hint: 'Map an id into the marked field.',
      fields,
    })
  return path
}

function queryValue(value: unknown): string | number | boolean | readonly string[] | undefined {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? undefined : JSON.stringify(value)
}

function bodyOf(facts: CallFacts, plan: Plan, values: Values, members: Values): Pick<HttpRequest, 'body' | 'form' | 'files'> {
  if (!facts.body || plan.body === 'none') return {}
  const whole = values['body']
  const content = plan.body === 'members' ? members : isObject(whole) ? { ...members, ...whole } : whole
  if (facts.body.type === 'json') return content === undefined ? {} : { body: content }
  const form = Object.fromEntries(
    Object.entries(isObject(content) ? content : {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  if (facts.body.type === 'form') return { form }
  return { form, files: plan.fields.flatMap((field) => (field.isFile ? filesOf(field, values[field.name]) : [])) }
}

function filesOf(field: Field, value: unknown): FilePart[] {
  if (!isObject(value)) return []
  const { name, contentType, encoding, content } = value
  const text = String(content)
  return [
    {
      name: field.member,
      filename: String(name),
      contentType: String(contentType),
      content: encoding === 'base64' ? bytesOf(text, field.name) : text,
    },
  ]
}

function bytesOf(base64: string, field: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))
  } catch {
    throw notBase64(field)
  }
}

const notBase64 = (field: string): Fault =>
  userFault({
    code: 'operation.not_base64',
    message: 'The content is not base64.',
    hint: 'Choose "text", or hand over base64 without any prefix.',
    fields: { [field]: 'not base64' },
  })
