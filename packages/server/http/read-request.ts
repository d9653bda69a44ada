import type { Endpoint } from '@couplet/api'
import { type Fault, parseJson, userFault } from '@couplet/core'
import { placeOf } from '@couplet/flow'
import type { Context } from 'hono'
import type { z } from 'zod'

/** Largest body of an API call. */
export const BODY_BYTES_MAX = 4_000_000
/** The same where a file of 10 MB comes inside JSON: quotes and line ends take more room there. */
export const IMPORT_BYTES_MAX = 14_000_000

/** The parts of a request as the endpoint's schemas read them. */
export type ReadRequest = { params: unknown; query: unknown; body: unknown }

/** Reads and validates. Throws `request.not_json`, `request.media_type`, `request.too_large` or `request.invalid` with the fields. */
export async function readRequest(endpoint: Endpoint, c: Context): Promise<ReadRequest> {
  const params = parsePart(endpoint.params, c.req.param(), 'path')
  const query = parsePart(endpoint.query, c.req.query(), 'query')
  const body = endpoint.body === undefined ? undefined : parsePart(endpoint.body, await readBody(c), 'body')
  return { params, query, body }
}

async function readBody(c: Context): Promise<unknown> {
  const type = c.req.header('content-type')
  const text = await c.req.text()
  if (text === '') return {}
  if (type === undefined || !/^application\/(?:[\w.-]+\+)?json\b/i.test(type))
    throw userFault({
      code: 'request.media_type',
      message: 'The body must be JSON.',
      hint: 'Send the header Content-Type: application/json.',
    })
  const parsed = parseJson(text)
  if (parsed === undefined)
    throw userFault({
      code: 'request.not_json',
      message: 'The body is not valid JSON.',
      hint: 'Names and texts stand in double quotes; nothing follows the last member.',
      place: 'body',
    })
  return parsed
}

type Issue = {
  code?: string | undefined
  path: readonly PropertyKey[]
  message: string
  keys?: readonly string[]
  errors?: readonly (readonly Issue[])[]
}

const pathOf = (path: readonly PropertyKey[]): string => placeOf(path.map((part) => (typeof part === 'symbol' ? String(part) : part)))

/** Issues as field → what is wrong. Of alternatives (unions) the one that fits best is told. */
function fieldsOf(issues: readonly Issue[], base: readonly PropertyKey[] = []): [string, string][] {
  return issues.flatMap((issue): [string, string][] => {
    const path = [...base, ...issue.path]
    if (issue.code === 'unrecognized_keys' && issue.keys) return issue.keys.map((key) => [pathOf([...path, key]), 'is not known here'])
    const alternatives = (issue.errors ?? []).map((list) => fieldsOf(list, path))
    const closest = alternatives.toSorted((left, right) => left.length - right.length)[0]
    if (closest && closest.length > 0) return closest
    return [[pathOf(path) || '(all)', issue.message]]
  })
}

function parsePart(schema: z.ZodType, value: unknown, part: 'path' | 'query' | 'body'): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalid(parsed.error.issues, part)
}

function invalid(issues: readonly Issue[], part: string): Fault {
  const fields = fieldsOf(issues)
  return userFault({
    code: 'request.invalid',
    message: `The ${part === 'body' ? 'request' : part} does not fit: ${fields.map(([field, problem]) => `${field}: ${problem}`).join('; ')}.`,
    hint: 'Mend the fields named here; /api/openapi.json says what each endpoint takes.',
    fields: Object.fromEntries(fields),
    place: fields[0]?.[0] ?? part,
  })
}
