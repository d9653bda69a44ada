import { PAGING_STYLES } from '@couplet/connector-sdk'
import { z } from 'zod'

/** A JSON Schema as the catalogue keeps it: types, names, enums, required, formats and bounds; no words. */
export const Schema = z.looseObject({})
export type Schema = { readonly [keyword: string]: unknown }

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** What a list and a search of the catalogue need of one operation. Every row is an action. */
export const IndexRow = z.object({
  /** Without `highlevel.`: `contacts.create-contact`. */
  id: z.string(),
  /** The vendor's own id. */
  operationId: z.string(),
  module: z.string(),
  method: z.enum(METHODS),
  path: z.string(),
  version: z.string(),
  scopes: z.array(z.string()),
  /** The vendor's file names no scope; these are those of its neighbours or of our contract. */
  areScopesAssumed: z.literal(true).optional(),
  effect: z.enum(['read', 'harmless', 'never']),
  paging: z.enum(PAGING_STYLES).optional(),
  /** Where the items of a list are in the answer: `results.tags`; empty when the answer itself is the list. */
  items: z.string().optional(),
  /** The vendor's file leaves the answer open, or describes another one than comes; what is said of it is our deduction. */
  isReplyAssumed: z.literal(true).optional(),
  /** The member that tells items of the list apart, where it is neither `id` nor `_id`. */
  itemId: z.string().optional(),
  /** Only in the newer generation. */
  isV3: z.literal(true).optional(),
  isDeprecated: z.literal(true).optional(),
})
export type IndexRow = z.output<typeof IndexRow>

export const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.literal(true).optional(),
  schema: Schema,
})
export type Parameter = z.output<typeof Parameter>

export const BodyFacts = z.object({ type: z.enum(['json', 'form', 'multipart']), required: z.literal(true).optional(), schema: Schema })
export type BodyFacts = z.output<typeof BodyFacts>

export const OperationFacts = IndexRow.extend({
  parameters: z.array(Parameter),
  body: BodyFacts.optional(),
  /** Answer of success. */
  reply: Schema.optional(),
})
export type OperationFacts = z.output<typeof OperationFacts>

/** One data file: the operations of a module in one generation, with the schemas they share. */
export const ModuleFacts = z.object({ schemas: z.record(z.string(), Schema), operations: z.array(OperationFacts) })
export type ModuleFacts = z.output<typeof ModuleFacts>

/** Name of the data file an operation lies in. */
export const fileOf = (row: Pick<IndexRow, 'module' | 'isV3'>): string => (row.isV3 ? `${row.module}-v3` : row.module)
