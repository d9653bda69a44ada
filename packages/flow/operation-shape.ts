import type { Json } from '@couplet/core'
import type { Mapping } from './definition.ts'

/** A JSON Schema 2020-12 document, as `z.toJSONSchema` writes it (with our `.meta` keys kept). */
export type JsonSchema = { readonly [key: string]: unknown }

/**
 * What the flow package needs to know about an operation: plain data, so that the builder in the browser and the engine on
 * the server check mappings in the same way. The connector SDK makes it from a declaration.
 */
export type OperationShape = {
  id: string
  version: number
  kind: 'action' | 'trigger'
  connector: string
  title: string
  /** For the sentence of a flow: `a social tag is created, renamed or removed in {connection}` · `set the tags of a flipbook in {connection}`. */
  phrase: string
  effect: 'read' | 'write'
  needsConnection: boolean
  input: JsonSchema
  output: JsonSchema
  sample: Json
  /** Input and output as they are once some inputs are chosen (the columns of a table). Absent: they do not depend on inputs. */
  given?: (input: Record<string, Mapping>) => { input: JsonSchema; output: JsonSchema }
}

export type OperationLookup = (id: string, version: number) => OperationShape | undefined
