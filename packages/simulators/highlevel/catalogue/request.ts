import { isJsonObject, parseJson } from '@couplet/core'
import type { z } from 'zod'
import { type Highlevel, isOn } from '../context.ts'
import { invalid } from '../errors.ts'
import type { Call } from '../operation.ts'
import { membersOf } from './example.ts'
import { checkerOf } from './fits.ts'
import { opened, type Served } from './load.ts'
import type { Schema } from './facts.ts'

/** What a request asked for, checked: values of the path, the query and the body by their names. */
export type Asked = {
  params: Readonly<Record<string, string>>
  query: Record<string, unknown>
  body: Record<string, unknown>
  wholeBody: unknown
}

/** An issue in the vendor's validation language; each message continues the name of the property. */
function inVendorWords(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return 'should not be empty'
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? 'is not valid'
    case 'invalid_value':
      return `must be one of the following values: ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return issue.pattern === '/^\\d+$/' ? 'must be a number string' : issue.format === 'email' ? 'must be an email' : 'is not valid'
    case 'too_small':
      return issue.origin === 'string' ? 'should not be empty' : `must not be less than ${String(issue.minimum)}`
    case 'too_big':
      return `must not be greater than ${String(issue.maximum)}`
    default:
      return 'is not valid'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number conforming to the specified constraints',
  int: 'must be an integer number',
  boolean: 'must be a boolean value',
  array: 'must be an array',
  object: 'must be an object',
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const part of path)
    current = Array.isArray(current) ? current[Number(part)] : isJsonObject(current) ? current[String(part)] : undefined
  return current
}

function problemsOf(checker: z.ZodType, value: unknown, name: string): string[] {
  const parsed = checker.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => {
    const path = [...(name === '' ? [] : [name]), ...issue.path.map(String)].join('.')
    return `${path === '' ? 'body' : path} ${inVendorWords(issue, valueAt(value, issue.path))}`
  })
}

/** A value of the query in the type the operation declares; queries are text. */
function typed(schema: Schema, values: readonly string[]): unknown {
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type']
  const first = values[0] ?? ''
  if (type === 'array') return values.length === 1 && first.startsWith('[') ? parseJson(first) : values.flatMap((value) => value.split(','))
  if (type === 'number' || type === 'integer') return first !== '' && Number.isFinite(Number(first)) ? Number(first) : first
  if (type === 'boolean') return first === 'true' ? true : first === 'false' ? false : first
  return type === 'object' ? parseJson(first) : first
}

/**
 * Checks a request against what the vendor publishes of it. Answers 422 with a list of messages; members of the body nobody declared follow the setting
 * `whitelist422` (REPORTED).
 */
export async function checkedRequest(call: Call, { operation, module }: Served): Promise<Asked> {
  const { schemas } = module
  const messages: string[] = []
  const query: Record<string, unknown> = {}
  const given = call.request.queries()
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place !== 'query') continue
    const values = given[name] ?? given[`${name}[]`]
    if (values === undefined) {
      if (required) messages.push(`${name} should not be empty`)
      continue
    }
    query[name] = typed(opened(schema, schemas), values)
    messages.push(...problemsOf(checkerOf(schema, schemas), query[name], name))
  }
  const wholeBody = await bodyOf(call, operation.body)
  if (operation.body?.type === 'json' && (wholeBody !== undefined || operation.body.required)) {
    messages.push(...problemsOf(checkerOf(operation.body.schema, schemas), wholeBody ?? {}, ''))
    messages.push(...unknownMembers(call.context, membersOf(operation.body.schema, schemas), wholeBody))
  }
  if (messages.length > 0) throw invalid([...new Set(messages)])
  return { params: call.params, query, body: isJsonObject(wholeBody) ? wholeBody : {}, wholeBody }
}

function unknownMembers(context: Highlevel, members: Readonly<Record<string, Schema>>, body: unknown): string[] {
  if (!isOn(context, 'whitelist422') || !isJsonObject(body) || Object.keys(members).length === 0) return []
  return Object.keys(body).flatMap((name) => (Object.hasOwn(members, name) ? [] : [`property ${name} should not exist`]))
}

async function bodyOf(call: Call, declared: Served['operation']['body']): Promise<unknown> {
  if (declared?.type !== 'multipart') return call.requestBody
  const parts: Record<string, unknown> = await call.request.parseBody()
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part instanceof File ? part.name : part]))
}
