import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from '@couplet/core'
import draft04 from 'ajv-draft-04'
import { plainSchema } from './published-schema.ts'
import type { RecordedCall } from './recorded-call.ts'
import { VENDOR_FOLDER } from './vendor-openapi.ts'

const Draft04 = draft04.default

type Generation = 'v2' | 'v3'
type Validator = InstanceType<typeof Draft04>
type Published = {
  method: string
  path: string
  replies: Readonly<Record<string, unknown>>
  validator: Validator
  /** Compiled schemas of answers, by status. */
  checks: Map<number, ReturnType<Validator['compile']>>
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])
/** Where a reference leads: the common file does not resolve in the vendor's own layout, so its schemas are put beside those of each file. */
const FILE = 'file'
const inFile = (reference: string): string => `${FILE}${reference.slice(reference.indexOf('#'))}`

const member = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, name) => (isJsonObject(found) ? found[name] : undefined), value)
const membersOf = (value: unknown): [string, unknown][] => (isJsonObject(value) ? Object.entries(value) : [])
const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(VENDOR_FOLDER, ...path), 'utf8'))

function readFile(generation: Generation, file: string, common: unknown): Published[] {
  const document = read(generation, file)
  const schemas = Object.fromEntries(
    [...membersOf(common), ...membersOf(member(document, 'components', 'schemas'))].map(([name, schema]) => [
      name,
      plainSchema(schema, inFile),
    ]),
  )
  const validator = new Draft04({ strict: false, validateSchema: false, validateFormats: false, allErrors: true, logger: false })
  validator.addSchema({ components: { schemas } }, FILE)
  return membersOf(member(document, 'paths')).flatMap(([path, item]) =>
    membersOf(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        replies: Object.fromEntries(membersOf(member(operation, 'responses'))),
        validator,
        checks: new Map(),
      })),
  )
}

const known = new Map<Generation, readonly Published[]>()
function published(generation: Generation): readonly Published[] {
  const found = known.get(generation)
  if (found) return found
  const common = member(read('common', 'common-schemas.json'), 'components', 'schemas')
  const files = readdirSync(join(VENDOR_FOLDER, generation)).filter((file) => file.endsWith('.json'))
  const all = files.flatMap((file) => readFile(generation, file, common))
  known.set(generation, all)
  return all
}

const literals = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length
const trimmed = (path: string): string => path.replace(/\/$/, '')

function publishedAt(generation: Generation, method: string, pathname: string): Published | undefined {
  const asked = trimmed(pathname).split('/')
  return published(generation)
    .filter((one) => {
      const parts = trimmed(one.path).split('/')
      return one.method === method && parts.length === asked.length && parts.every((part, at) => part.startsWith('{') || part === asked[at])
    })
    .toSorted((a, b) => literals(b.path) - literals(a.path))[0]
}

/** Operations whose published schema contradicts the vendor's own example; Couplet and its simulator go by the example. */
const CONTRADICTED: Readonly<Record<string, string>> = {
  'GET /blogs/categories': 'a name is asked for and a label is described',
  'GET /conversations/{conversationId}/messages': 'the page is shown inside "messages"',
  'GET /funnels/funnel/list': 'a list of funnels is shown, an object is described',
  'GET /medias/files': 'records of files are shown, texts are described',
  'GET /social-media-posting/{locationId}/csv': 'a list of imports is shown, an object is described',
}

/** A call as it was recorded; one that the vendor performed. */
export type AnsweredCall = Pick<RecordedCall, 'method' | 'url' | 'headers' | 'status' | 'answer'>

/**
 * What in a successful answer does not fit the schema in the vendor's own OpenAPI file; `undefined` when the file publishes none to check by.
 * Bounds, types, enums and required members are all as published; formats are not looked at.
 */
export function publishedMisfits({ method, url, headers, status = 0, answer }: AnsweredCall): string[] | undefined {
  // Some files of the newer generation still ask for a dated version.
  const [own, other]: [Generation, Generation] = headers['version'] === 'v3' ? ['v3', 'v2'] : ['v2', 'v3']
  const operation = publishedAt(own, method, url.pathname) ?? publishedAt(other, method, url.pathname)
  if (!operation) return [`${method} ${url.pathname} is in none of the published files`]
  const found = misfitsAt(operation, status, answer)
  const reason = CONTRADICTED[`${operation.method} ${operation.path}`]
  if (reason === undefined) return found
  return found === undefined || found.length === 0 ? [`fits the schema by now, though ${reason}: the exception is to go`] : []
}

function misfitsAt(operation: Published, status: number, answer: string | undefined): string[] | undefined {
  const declared = Object.keys(operation.replies).filter((code) => code.startsWith('2'))
  if (declared.length > 0 && !declared.includes(String(status))) return [`answered ${status}, published is ${declared.join(' or ')}`]
  const schema = member(operation.replies[status], 'content', 'application/json', 'schema')
  if (!isJsonObject(schema)) return undefined
  const check = operation.checks.get(status) ?? operation.validator.compile(Object(plainSchema(schema, inFile)))
  operation.checks.set(status, check)
  const value: unknown = answer === undefined || answer === '' ? undefined : JSON.parse(answer)
  // The vendor adds a trace id to every answer (contract), also where all members are said to be of another type.
  const { traceId: _, ...content } = isJsonObject(value) ? value : {}
  if (check(content) || check(value)) return []
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'the answer'} ${message ?? 'does not fit'}`)
}
