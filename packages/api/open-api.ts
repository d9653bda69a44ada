import { isJsonObject } from '@couplet/core'
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { ProblemDocument } from './problem-document.ts'

type JsonObject = Record<string, unknown>

/** A zod schema as OpenAPI 3.1 takes it: JSON Schema 2020-12 without its own `$schema` and `$id`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const made: unknown = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', cycles: 'ref' })
  if (!isJsonObject(made)) return {}
  const { $schema: _schema, $id: _id, id: _name, ...rest } = made
  return rest
}

/** Schemas of recursive JSON refer to their own `$defs`, which OpenAPI resolves against the whole document. */
function lift(schema: JsonObject, name: string, into: JsonObject): JsonObject {
  const { $defs: defs, ...rest } = schema
  if (!isJsonObject(defs)) return rest
  const renamed = (key: string) => `${name}_${key.replaceAll(/\W/g, '_')}`
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === '$ref' && typeof member === 'string' && member.startsWith('#/$defs/')
          ? `#/components/schemas/${renamed(member.slice('#/$defs/'.length))}`
          : rewrite(member),
      ]),
    )
  }
  for (const [key, schemaOfKey] of Object.entries(defs)) into[renamed(key)] = rewrite(schemaOfKey)
  const whole = rewrite(rest)
  return isJsonObject(whole) ? whole : {}
}

function parametersOf(endpoint: Endpoint): JsonObject[] {
  const places: [z.ZodObject, 'path' | 'query'][] = [
    [endpoint.params, 'path'],
    [endpoint.query, 'query'],
  ]
  return places.flatMap(([object, place]) => {
    const schema = schemaOf(object, 'input')
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
    }))
  })
}

const auditWords = (endpoint: Endpoint): string =>
  typeof endpoint.audit === 'string' ? `Written to the audit log as ${endpoint.audit}.` : `Not in the audit log: ${endpoint.audit.none}.`

/** The API as an OpenAPI 3.1 document. */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  info: { title: string; version: string; description?: string },
): JsonObject {
  const schemas: JsonObject = {}
  schemas['Problem'] = lift(schemaOf(ProblemDocument, 'output'), 'Problem', schemas)
  const paths: Record<string, JsonObject> = {}
  for (const endpoint of endpoints) {
    const name = endpoint.id.replaceAll(/\W/g, '_')
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    const reply = lift(schemaOf(endpoint.reply, 'output'), `${name}_reply`, schemas)
    const isStream = endpoint.id === 'events.stream'
    const operation: JsonObject = {
      operationId: endpoint.id,
      summary: endpoint.summary,
      description: `Needs ${endpoint.permission}. ${auditWords(endpoint)}`,
      tags: [endpoint.id.slice(0, endpoint.id.indexOf('.'))],
      parameters: parametersOf(endpoint),
      ...(endpoint.body
        ? {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: lift(schemaOf(endpoint.body, 'input'), `${name}_body`, schemas) } },
            },
          }
        : {}),
      responses: {
        200: { description: 'Done', content: { [isStream ? 'text/event-stream' : 'application/json']: { schema: reply } } },
        default: {
          description: endpoint.errors.length === 0 ? 'A problem' : `A problem. Codes of this endpoint: ${endpoint.errors.join(', ')}`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    }
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation }
  }
  return { openapi: '3.1.1', jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema', info, paths, components: { schemas } }
}
