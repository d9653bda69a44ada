import { isJsonObject } from '@couplet/core'
import { validate } from '@readme/openapi-parser'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allEndpoints, contract } from './contract.ts'
import { openApiDocument } from './open-api.ts'
import { PERMISSIONS } from './permissions.ts'

const document = openApiDocument(allEndpoints, { title: 'Couplet', version: '1.0.0' })

/** Every `$ref` in the document, wherever it stands. */
function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, member]) => (key === '$ref' && typeof member === 'string' ? [member] : refsIn(member)))
}

describe('every endpoint', () => {
  test('is named after its place in the contract, so that client, handlers and documents agree', () => {
    for (const [area, endpoints] of Object.entries(contract))
      for (const [name, endpoint] of Object.entries(endpoints)) expect(endpoint.id).toBe(`${area}.${name}`)
  })

  test('answers with an object, which is what the page asks for before it believes it', () => {
    for (const { id, reply, isFile } of allEndpoints) {
      if (isFile) continue
      const schema = z.toJSONSchema(reply, { io: 'output', unrepresentable: 'any' })
      expect(JSON.stringify(schema), id).toMatch(/^\{[^{]*"(?:type":"object"|anyOf"|oneOf"|\$ref")/)
    }
  })

  test('has an address of its own', () => {
    const addresses = allEndpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test.each(allEndpoints.map((endpoint) => [endpoint.id, endpoint] as const))(
    '%s names its parameters, a known permission, and what it leaves in the audit log',
    (_, endpoint) => {
      const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
      expect(Object.keys(endpoint.params.shape).toSorted()).toEqual(inPath.toSorted())
      expect([...Object.keys(PERMISSIONS), 'anyone', 'own-account', 'this-machine']).toContain(endpoint.permission)
      if (typeof endpoint.audit === 'string') expect(endpoint.audit).toMatch(/^[a-z]+\.[a-z_]+$/)
      else expect(endpoint.audit.none).not.toBe('')
      expect(endpoint.summary).not.toBe('')
      for (const code of endpoint.errors) expect(code).toMatch(/^[a-z]+\.[a-z_]+$/)
    },
  )

  test('that only reads needs no more than permission to read, and every other one is audited', () => {
    for (const endpoint of allEndpoints) {
      if (endpoint.method === 'GET') expect(typeof endpoint.audit, endpoint.id).toBe('object')
      if (endpoint.method === 'PUT' || endpoint.method === 'PATCH' || endpoint.method === 'DELETE')
        expect(typeof endpoint.audit, endpoint.id).toBe('string')
    }
  })
})

describe('the OpenAPI document', () => {
  test('is a valid one, as an independent reader sees it', async () => {
    // The reader resolves references in place, so it gets a copy.
    const read = await validate(structuredClone(document) as Parameters<typeof validate>[0])
    expect(read).toMatchObject({ valid: true })
  })

  test('has an operation for each endpoint', () => {
    const paths = isJsonObject(document['paths']) ? document['paths'] : {}
    const operations = Object.values(paths).flatMap((methods) => (isJsonObject(methods) ? Object.values(methods) : []))
    expect(operations.map((operation) => (isJsonObject(operation) ? String(operation['operationId']) : '')).toSorted()).toEqual(
      allEndpoints.map((endpoint) => endpoint.id).toSorted(),
    )
  })

  test('declares the path parameters that its paths name', () => {
    const paths = isJsonObject(document['paths']) ? document['paths'] : {}
    for (const [path, methods] of Object.entries(paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted()
      for (const operation of isJsonObject(methods) ? Object.values(methods) : []) {
        const parameters = isJsonObject(operation) && Array.isArray(operation['parameters']) ? operation['parameters'] : []
        const declared = parameters
          .filter((parameter) => isJsonObject(parameter) && parameter['in'] === 'path')
          .map((parameter: unknown) => (isJsonObject(parameter) ? String(parameter['name']) : ''))
        expect(declared.toSorted(), path).toEqual(inPath)
      }
    }
  })

  test('refers to nothing that is not in it', () => {
    const schemas = isJsonObject(document['components']) ? document['components']['schemas'] : undefined
    for (const ref of refsIn(document)) {
      expect(ref).toMatch(/^#\/components\/schemas\//)
      expect(schemas).toHaveProperty([ref.slice('#/components/schemas/'.length)])
    }
  })

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })
})
