import { BoundedMap, isJsonObject, type Json } from '@couplet/core'
import type { JsonSchema, OperationLookup, OperationShape } from '@couplet/flow'
import { z } from 'zod'
import type { AnyOperation, Registry } from './registry.ts'

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const made: unknown = z.toJSONSchema(schema, { io, unrepresentable: 'any', cycles: 'ref', reused: 'inline' })
  return isJsonObject(made) ? made : {}
}

/** An operation as plain data, for the builder and the type check. What a step writes is the schema's input; what it reads, its output. */
export const operationShape = (operation: AnyOperation, isBuiltIn: boolean): OperationShape => ({
  id: operation.id,
  version: operation.version,
  kind: operation.kind,
  connector: operation.connector,
  title: operation.title,
  phrase: operation.phrase,
  effect: operation.kind === 'action' ? operation.effect.kind : 'read',
  needsConnection: !isBuiltIn,
  input: jsonSchema(operation.input, 'input'),
  output: jsonSchema(operation.output, 'output'),
  sample: operation.samples[0] as Json,
})

const SHAPES_MAX = 500

/**
 * Shapes made on first use and kept: most flows touch a handful of operations, and a catalogue of many hundred is not kept whole. A shape is that of the
 * operation as it is now: an imported one may be taken away, or come again as another.
 */
export function shapeLookup(registry: Registry): OperationLookup {
  const made = new BoundedMap<string, { operation: AnyOperation; shape: OperationShape }>(SHAPES_MAX)
  return (id, version) => {
    const key = `${id}@${version}`
    const operation = registry.action(id, version) ?? registry.trigger(id, version)
    if (!operation) return undefined
    const known = made.get(key)
    if (known?.operation === operation) return known.shape
    const shape = operationShape(operation, registry.connector(operation.connector)?.spec.isBuiltIn === true)
    made.set(key, { operation, shape })
    return shape
  }
}
