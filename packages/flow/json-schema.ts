import { z } from 'zod'
import { FlowDefinition } from './definition.ts'
import type { JsonSchema } from './operation-shape.ts'

/** Name of the published schema; a flow file names it in `$schema`, so that editors check it while it is written. */
export const FLOW_SCHEMA_ID = 'urn:couplet:schema:flow:1'

/** JSON Schema 2020-12 of a flow file, made from the same schemas that validate it. Members with a default are optional. */
export function flowJsonSchema(): JsonSchema {
  const made: Record<string, unknown> = z.toJSONSchema(FlowDefinition, { io: 'input', unrepresentable: 'any' })
  const { $schema, ...rest } = made
  return { $schema, $id: FLOW_SCHEMA_ID, ...rest }
}
