import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isJsonObject } from '../packages/core/index.ts'
import { effectOf } from '../packages/connectors/highlevel/catalogue/effect.ts'
import {
  type BodyFacts,
  fileOf,
  type Method,
  METHODS,
  type ModuleFacts,
  type OperationFacts,
  type Parameter,
} from '../packages/connectors/highlevel/catalogue/facts.ts'
import { inlined } from '../packages/connectors/highlevel/catalogue/inline.ts'
import { listFacts } from '../packages/connectors/highlevel/catalogue/list-facts.ts'
import { normaliseSchema, type Schema, type SchemaSource } from './highlevel-catalogue-schema.ts'
import { SDK_REPLIES } from './highlevel-catalogue-sdk-replies.ts'
import { supplyReplies } from './highlevel-catalogue-replies.ts'
import { supplyScopes } from './highlevel-catalogue-scopes.ts'

type Generation = 'v2' | 'v3'
type Document = { paths: Record<string, unknown>; schemas: Record<string, unknown> }

/** The newer generation names three modules otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  'social-planner': 'social-media-posting',
  saas: 'saas-api',
  'ad-publishing': 'ad-manager',
}
/** Headers the connection or the operation itself supplies. */
const OWN_HEADERS = new Set(['authorization', 'version', 'content-type', 'accept'])
/** Old addresses under a new name and nothing else (contract, section 4): the older ones stay. */
const ONLY_RENAMED = new Set([
  'POST /oauth/location-token',
  'GET /oauth/installed-locations',
  'DELETE /contacts/{contactId}/campaigns/remove-all',
])
const VERSION_OTHERWISE = { v2: '2021-07-28', v3: 'v3' } as const

/** Every data file of the catalogue, by name, made from the vendor's folder: all of the older generation, and what only the newer one has. */
export function readCatalogue(folder: string): Map<string, ModuleFacts> {
  const common = readDocument(join(folder, 'common', 'common-schemas.json')).schemas
  const newest = readGeneration(folder, 'v3', common)
  const older = readGeneration(folder, 'v2', common).map((module) => withRepliesOf(newest, module))
  const known = new Set(older.flatMap(({ operations }) => operations.map(addressOf)))
  const newer = newest.map((module) => ({
    ...module,
    operations: module.operations.filter(
      (operation) => !known.has(addressOf(operation)) && !ONLY_RENAMED.has(`${operation.method} ${operation.path}`),
    ),
  }))
  const ids = new Set(older.flatMap(({ operations }) => operations.map(({ id }) => id)))
  const files = new Map<string, ModuleFacts>()
  for (const { schemas, operations } of [...older, ...newer]) {
    const [first] = operations
    if (!first) continue
    const named = operations.map((operation) =>
      operation.isV3 && ids.has(operation.id) ? { ...operation, id: `${operation.id}-v3` } : operation,
    )
    files.set(fileOf(first), finished(schemas, supplyReplies(named, schemas)))
  }
  return files
}

/** Where the older file leaves an answer open and the newer one describes it, the newer description is taken, marked. */
function withRepliesOf(newest: readonly ReturnType<typeof readModule>[], { schemas, operations }: ReturnType<typeof readModule>) {
  return {
    schemas,
    operations: operations.map((operation) => {
      if (operation.reply !== undefined) return operation
      const module = newest.find((one) => one.operations.some((other) => addressOf(other) === addressOf(operation)))
      const reply = module?.operations.find((other) => addressOf(other) === addressOf(operation))?.reply
      return module && reply ? { ...operation, reply: inlined(reply, module.schemas), isReplyAssumed: true as const } : operation
    }),
  }
}

const addressOf = ({ method, path }: Pick<OperationFacts, 'method' | 'path'>): string =>
  `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}').replace(/\/$/, '')}`

function readDocument(file: string): Document {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const document = isJsonObject(read) ? read : {}
  const components = isJsonObject(document['components']) ? document['components'] : {}
  return {
    paths: isJsonObject(document['paths']) ? document['paths'] : {},
    schemas: isJsonObject(components['schemas']) ? components['schemas'] : {},
  }
}

function readGeneration(folder: string, generation: Generation, common: Record<string, unknown>) {
  const files = readdirSync(join(folder, generation))
    .filter((file) => file.endsWith('.json'))
    .toSorted()
  return files.map((file) => {
    const name = basename(file, '.json').replace(/-v3$/, '')
    return readModule(readDocument(join(folder, generation, file)), RENAMED[name] ?? name, generation, common)
  })
}

/** One file of the vendor as facts; schemas that operations share stay shared. */
export function readModule(
  document: Document,
  module: string,
  generation: Generation,
  common: Record<string, unknown>,
): { schemas: Record<string, Schema>; operations: OperationFacts[] } {
  const named = { ...common, ...document.schemas }
  const source: SchemaSource = { named: (name) => named[name] }
  const schemas = Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, normaliseSchema(schema, source, name)]))
  const raw = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = isJsonObject(item) ? item[method.toLowerCase()] : undefined
      return isJsonObject(operation) ? [{ path, method, operation }] : []
    }),
  )
  const version = mostCommon(raw.flatMap(({ operation }) => versionOf(operation) ?? [])) ?? VERSION_OTHERWISE[generation]
  const operations = raw.map(({ path, method, operation }) => {
    const read = { module, path, method, operation, source, schemas }
    return readOperation({ ...read, version: versionOf(operation) ?? version, isV3: generation === 'v3' })
  })
  return { schemas, operations: supplyScopes(distinct(operations)) }
}

type Given = {
  module: string
  path: string
  method: Method
  operation: Record<string, unknown>
  source: SchemaSource
  schemas: Record<string, Schema>
  version: string
  isV3: boolean
}

function readOperation(given: Given): OperationFacts {
  const { module, path, method, operation, source, schemas } = given
  const operationId = typeof operation['operationId'] === 'string' ? operation['operationId'] : `${method} ${path}`
  const id = `${module}.${kebab(operationId)}`
  const parameters = readParameters(operation, path, source)
  const body = readBody(operation, source)
  const reply = readReply(operation, source) ?? SDK_REPLIES[id]
  const list =
    effectOf({ id, method, path }).kind === 'read'
      ? listFacts({
          id,
          method,
          path,
          parameters,
          body: body && inlined(body.schema, schemas),
          reply: reply && inlined(reply, schemas),
        })
      : undefined
  const effect = effectOf({ id, method, path })
  const isDeprecated = operation['deprecated'] === true || operationId.endsWith('-deprecated')
  return {
    id,
    operationId,
    module,
    method,
    path,
    version: given.version,
    scopes: scopesOf(operation),
    effect: effect.kind === 'read' ? 'read' : effect.resend,
    ...list,
    ...(given.isV3 ? { isV3: true } : {}),
    ...(isDeprecated ? { isDeprecated: true } : {}),
    parameters,
    ...(body ? { body } : {}),
    ...(reply ? { reply } : {}),
  }
}

/** `createAgent`, `get-association-by-ID` and `create-integration provider` as one kind of name. */
export const kebab = (operationId: string): string =>
  operationId
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const parametersOf = (operation: Record<string, unknown>): Record<string, unknown>[] =>
  Array.isArray(operation['parameters']) ? operation['parameters'].filter(isJsonObject) : []

function versionOf(operation: Record<string, unknown>): string | undefined {
  const header = parametersOf(operation).find(({ name, in: place }) => place === 'header' && String(name).toLowerCase() === 'version')
  const schema = isJsonObject(header?.['schema']) ? header['schema'] : {}
  const said: unknown = Array.isArray(schema['enum']) ? schema['enum'][0] : (schema['default'] ?? schema['example'])
  return typeof said === 'string' && said !== '' ? said : undefined
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0]
}

/** In the vendor's order, those of the path first; parts of the path that no one declared are supplied. */
function readParameters(operation: Record<string, unknown>, path: string, source: SchemaSource): Parameter[] {
  const places = ['path', 'query', 'header'] as const
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].flatMap(([, name]) => name ?? [])
  const declared = parametersOf(operation).flatMap((parameter): Parameter[] => {
    const name = String(parameter['name'])
    const place = places.find((one) => one === parameter['in'])
    if (place === undefined || (place === 'header' && OWN_HEADERS.has(name.toLowerCase()))) return []
    if (place === 'path' && !inPath.includes(name)) return []
    const shown = isJsonObject(parameter['schema']) ? parameter['schema'] : {}
    const schema = normaliseSchema({ example: parameter['example'], description: parameter['description'], ...shown }, source, name)
    return [{ name, in: place, ...(parameter['required'] === true || place === 'path' ? { required: true } : {}), schema }]
  })
  const unique = [...new Map(declared.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()]
  const missing = inPath
    .filter((name) => !unique.some((parameter) => parameter.in === 'path' && parameter.name === name))
    .map((name): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return [...missing, ...unique].toSorted((a, b) => places.indexOf(a.in) - places.indexOf(b.in))
}

const BODY_TYPES = [
  ['application/json', 'json'],
  ['multipart/form-data', 'multipart'],
  ['application/x-www-form-urlencoded', 'form'],
] as const

function readBody(operation: Record<string, unknown>, source: SchemaSource): BodyFacts | undefined {
  const body = isJsonObject(operation['requestBody']) ? operation['requestBody'] : {}
  const content = isJsonObject(body['content']) ? body['content'] : {}
  for (const [mime, type] of BODY_TYPES) {
    const found = content[mime]
    if (!isJsonObject(found)) continue
    return { type, ...(body['required'] === true ? { required: true } : {}), schema: normaliseSchema(found['schema'] ?? {}, source) }
  }
  return undefined
}

/** An answer without content, declared as such. */
const NOTHING: Schema = { type: 'object', properties: {}, additionalProperties: false }

function readReply(operation: Record<string, unknown>, source: SchemaSource): Schema | undefined {
  const responses = isJsonObject(operation['responses']) ? operation['responses'] : {}
  for (const status of Object.keys(responses).toSorted()) {
    const response = responses[status]
    if (status === '204') return NOTHING
    if (!status.startsWith('2') || !isJsonObject(response) || !isJsonObject(response['content'])) continue
    const json = response['content']['application/json']
    if (!isJsonObject(json) || json['schema'] === undefined) continue
    const made = normaliseSchema(json['schema'], source)
    if (Object.keys(made).length > 0) return made
  }
  return undefined
}

function scopesOf(operation: Record<string, unknown>): string[] {
  const schemes = Array.isArray(operation['security']) ? operation['security'].filter(isJsonObject) : []
  const scopes = schemes.flatMap((scheme) => Object.values(scheme)).flatMap((list) => (Array.isArray(list) ? list : []))
  return [...new Set(scopes.filter((scope) => typeof scope === 'string').map((scope) => scope.trim()))]
    .filter((scope) => scope !== '')
    .toSorted()
}

/** Two operations of one file with the same name are told apart by their method. */
function distinct(operations: readonly OperationFacts[]): OperationFacts[] {
  const seen = new Set<string>()
  return operations.map((operation) => {
    let id = operation.id
    for (let number = 2; seen.has(id); number++) id = `${operation.id}-${operation.method.toLowerCase()}${number > 2 ? number : ''}`
    seen.add(id)
    return { ...operation, id }
  })
}

/** Operations in the order of their ids, and only the schemas they need, in the order of their names. */
function finished(schemas: Record<string, Schema>, operations: readonly OperationFacts[]): ModuleFacts {
  const needed = new Set<string>()
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit)
    else if (isJsonObject(part))
      for (const [key, value] of Object.entries(part)) {
        if (key !== '$ref' || typeof value !== 'string') visit(value)
        else {
          const name = value.slice('#/$defs/'.length)
          if (needed.has(name)) continue
          needed.add(name)
          visit(schemas[name])
        }
      }
  }
  visit(operations)
  return {
    schemas: Object.fromEntries([...needed].toSorted().map((name) => [name, schemas[name] ?? {}])),
    operations: operations.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }
}
