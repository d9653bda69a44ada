import { callForm, callPlan, isObject } from '@couplet/connector-sdk'
import type { OpenApi } from '../document/read-document.ts'
import { type Cut, plainSchema } from '../document/plain-schema.ts'
import type { ImportedOperation, LeftOut } from '../facts.ts'
import { guessEffect } from './guess-effect.ts'
import { guessList } from './guess-list.ts'
import { freeName, slug, wordsOf } from './names.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const OTHERS = ['head', 'options', 'trace']
/** Headers that the connection or the client writes. */
const OWN_HEADERS = new Set(['accept', 'content-type', 'authorization', 'cookie', 'host', 'user-agent', 'content-length', 'connection'])
const OPERATIONS_MAX = 5_000

const CUT_WORDS: Readonly<Record<Cut, string>> = {
  circle: 'A description leads back to itself; beyond the first round it is left open.',
  deep: 'A description is nested deeper than nine levels; what lies below is left open.',
  large: 'A description has more than 600 parts; the rest is left open.',
}

type Raw = Readonly<Record<string, unknown>>
type Read = { operation: ImportedOperation } | { leftOut: LeftOut }

/**
 * Every operation of a document that Couplet can perform. `knownIds`: ids by call from an earlier import, kept so that flows find their operations.
 * `keyNames`: headers and query parameters that carry the secret of the connection.
 */
export function readOperations(
  document: OpenApi,
  options: { knownIds: ReadonlyMap<string, string>; keyNames: ReadonlySet<string> },
): { operations: ImportedOperation[]; leftOut: LeftOut[] } {
  const operations: ImportedOperation[] = []
  const leftOut: LeftOut[] = []
  const taken = new Set(options.knownIds.values())
  const paths = isObject(document['paths']) ? document['paths'] : {}
  for (const [path, item] of Object.entries(paths)) {
    if (!isObject(item) || !path.startsWith('/')) continue
    for (const other of OTHERS)
      if (item[other] !== undefined) leftOut.push({ place: `${other.toUpperCase()} ${path}`, reason: 'Couplet does not use this verb.' })
    for (const method of METHODS) {
      const raw = item[method.toLowerCase()]
      if (!isObject(raw)) continue
      if (operations.length >= OPERATIONS_MAX) {
        leftOut.push({ place: `${method} ${path}`, reason: `A connector has at most ${OPERATIONS_MAX} operations.` })
        continue
      }
      const told: LeftOut[] = []
      const read = readOperation({ method, path, raw, shared: item['parameters'], keyNames: options.keyNames, told })
      leftOut.push(...told)
      if ('leftOut' in read) leftOut.push(read.leftOut)
      else operations.push({ ...read.operation, id: options.knownIds.get(read.operation.call) ?? freeName(read.operation.id, taken) })
    }
  }
  return { operations, leftOut }
}

type Of = { method: ImportedOperation['method']; path: string; raw: Raw; shared: unknown; keyNames: ReadonlySet<string>; told: LeftOut[] }

function readOperation({ method, path, raw, shared, keyNames, told }: Of): Read {
  const call = `${method} ${path}`
  const tell = (reason: string): void => {
    if (!told.some((one) => one.reason === reason)) told.push({ place: call, reason })
  }
  const schemaOf = (given: unknown, use: 'input' | 'output') => {
    const { schema, cuts } = plainSchema(given, use)
    for (const cut of cuts) tell(CUT_WORDS[cut])
    return schema
  }
  const parameters = parametersOf(raw, shared, path, keyNames, schemaOf, tell)
  const body = bodyOf(raw['requestBody'], schemaOf)
  if (body === 'unknown')
    return { leftOut: { place: call, reason: 'It takes a body in a form Couplet does not write (neither JSON nor a web form).' } }
  const reply = replyOf(raw['responses'], schemaOf)
  const operationId = typeof raw['operationId'] === 'string' ? raw['operationId'] : ''
  if (operationId === '') tell('It has no operationId; its name is made from verb and path.')
  const tag = Array.isArray(raw['tags']) && typeof raw['tags'][0] === 'string' ? raw['tags'][0] : firstPart(path)
  const operation: ImportedOperation = {
    id: `${slug(tag)}.${slug(operationId || call)}`,
    call,
    method,
    path,
    ...wordsOf(raw, method, path),
    group: tag.replace(/^./, (letter) => letter.toUpperCase()).slice(0, 60),
    parameters,
    ...(body ? { body } : {}),
    ...(reply ? { reply } : {}),
    ...guessEffect({ method, path, operationId, headers: parameters.filter((one) => one.in === 'header').map(({ name }) => name) }),
    ...guessList({ method, path, parameters, ...(reply ? { reply } : {}) }),
    ...(raw['deprecated'] === true ? { isDeprecated: true } : {}),
  }
  return isSound(operation) ? { operation } : { operation: { ...withOpenBody(operation), ...opened(tell) } }
}

/** Whether a form can be made of it; some schemas contradict themselves. */
function isSound(operation: ImportedOperation): boolean {
  try {
    callForm(callPlan(operation)).safeParse({})
    return true
  } catch {
    return false
  }
}

function opened(tell: (reason: string) => void): object {
  tell('Its fields are described in a way no form can be made of; they are left open.')
  return {}
}

const withOpenBody = (operation: ImportedOperation): ImportedOperation => ({
  ...operation,
  parameters: operation.parameters.map((parameter) => ({ ...parameter, schema: { type: 'string' } })),
  ...(operation.body ? { body: { ...operation.body, schema: { type: 'object' } } } : {}),
})

const firstPart = (path: string): string =>
  path.split('/').find((part) => part !== '' && !part.startsWith('{') && !/^(v\d+|api)$/i.test(part)) ?? 'operations'

type SchemaOf = (given: unknown, use: 'input' | 'output') => ImportedOperation['parameters'][number]['schema']

function parametersOf(
  raw: Raw,
  shared: unknown,
  path: string,
  keyNames: ReadonlySet<string>,
  schemaOf: SchemaOf,
  tell: (reason: string) => void,
): ImportedOperation['parameters'] {
  const all = [...(Array.isArray(raw['parameters']) ? raw['parameters'] : []), ...(Array.isArray(shared) ? shared : [])].filter(isObject)
  const made = new Map<string, ImportedOperation['parameters'][number]>()
  for (const parameter of all) {
    const { name, in: place } = parameter
    if (typeof name !== 'string' || made.has(`${String(place)} ${name}`)) continue
    if (place === 'cookie') tell(`The cookie "${name}" is not sent.`)
    if (place !== 'path' && place !== 'query' && place !== 'header') continue
    if ((place === 'header' && OWN_HEADERS.has(name.toLowerCase())) || keyNames.has(`${place} ${name.toLowerCase()}`)) continue
    const described = isObject(parameter['description']) ? {} : { description: parameter['description'] }
    const schema = schemaOf({ ...described, ...contentSchema(parameter) }, 'input')
    made.set(`${place} ${name}`, {
      name,
      in: place,
      ...(parameter['required'] === true || place === 'path' ? { required: true } : {}),
      schema,
    })
  }
  for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g))
    if (!made.has(`path ${name}`)) {
      tell(`The part {${name}} of the path is not described; it is taken as text.`)
      made.set(`path ${name}`, { name, in: 'path', required: true, schema: { type: 'string' } })
    }
  // What the path does not have cannot be put there.
  return [...made.values()].filter(({ name, in: place }) => place !== 'path' || path.includes(`{${name}}`))
}

/** A parameter's schema, which may be written under a content type. */
function contentSchema(parameter: Raw): Raw {
  if (isObject(parameter['schema'])) return parameter['schema']
  const content = isObject(parameter['content']) ? Object.values(parameter['content'])[0] : undefined
  return isObject(content) && isObject(content['schema']) ? content['schema'] : { type: 'string' }
}

const isJson = (type: string): boolean => /^(application|text)\/([\w.+-]+\+)?json\b/i.test(type) || type === '*/*'

function bodyOf(given: unknown, schemaOf: SchemaOf): ImportedOperation['body'] | 'unknown' {
  if (!isObject(given) || !isObject(given['content'])) return undefined
  const types = Object.entries(given['content'])
  if (types.length === 0) return undefined
  const required = given['required'] === true ? ({ required: true } as const) : {}
  const find = (fits: (type: string) => boolean) => types.find(([type]) => fits(type))?.[1]
  const kinds = [
    ['json', isJson],
    ['multipart', (type: string) => type.startsWith('multipart/form-data')],
    ['form', (type: string) => type.startsWith('application/x-www-form-urlencoded')],
  ] as const
  for (const [type, fits] of kinds) {
    const found = find(fits)
    if (isObject(found)) return { type, ...required, schema: schemaOf(found['schema'], 'input') }
  }
  return 'unknown'
}

function replyOf(given: unknown, schemaOf: SchemaOf): ImportedOperation['reply'] {
  if (!isObject(given)) return undefined
  const good = Object.keys(given)
    .filter((status) => /^2(\d\d|XX)$/i.test(status))
    .toSorted()
  for (const status of good) {
    const answer = given[status]
    const content = isObject(answer) && isObject(answer['content']) ? Object.entries(answer['content']) : []
    const json = content.find(([type]) => isJson(type))?.[1]
    if (isObject(json) && isObject(json['schema'])) return schemaOf(json['schema'], 'output')
  }
  return undefined
}
