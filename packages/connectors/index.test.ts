import { createRegistry, shapeLookup } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'
import { builtin } from './builtin/index.ts'
import { heyzine } from './heyzine/index.ts'
import { payaca } from './payaca/index.ts'

const OPERATION_ID = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9-]*)+$/
const registry = createRegistry([heyzine, payaca, builtin])
const operations = registry.connectors.flatMap((connector) =>
  [...connector.actions, ...connector.triggers].map((operation) => [operation.id, operation] as const),
)

/** Lists the runtime itself answers for the built-in connector. */
const RUNTIME_LISTS = ['tables', 'flows']

const listsNamedIn = (schema: unknown): string[] => {
  if (Array.isArray(schema)) return schema.flatMap(listsNamedIn)
  if (typeof schema !== 'object' || schema === null) return []
  const own = 'list' in schema && typeof schema.list === 'string' ? [schema.list] : []
  return [...own, ...Object.values(schema).flatMap(listsNamedIn)]
}

describe('every operation', () => {
  test.each(operations)('%s has an id a flow may name and shapes the builder can draw', (id, operation) => {
    const shape = shapeLookup(registry)(id, operation.version)
    expect(id).toMatch(OPERATION_ID)
    expect(shape?.input).toHaveProperty('type', 'object')
    expect(shape?.output).toHaveProperty('type', 'object')
    expect(JSON.parse(JSON.stringify(shape))).toBeDefined()
  })
  test.each(operations)('%s picks from lists that exist', (_, operation) => {
    const lists = Object.keys(registry.connector(operation.connector)?.lists ?? {})
    const named = listsNamedIn(shapeLookup(registry)(operation.id, operation.version)?.input)
    for (const list of named) expect([...lists, ...RUNTIME_LISTS]).toContain(list)
  })
})
