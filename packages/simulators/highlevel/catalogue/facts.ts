import { z } from 'zod'

/** A JSON Schema: types, names, enums, required, formats and bounds; no words. References lead into the shared schemas of the file. */
export const Schema = z.looseObject({})
export type Schema = { readonly [keyword: string]: unknown }

/**
 * What an operation does to which records. `read`, `change` and `remove` deal with one by its id; `…-only-one` with the single record a place has of its
 * kind (settings, a status); `do` is remembered nowhere.
 */
export const Resource = z.object({
  does: z.enum(['list', 'create', 'read', 'change', 'remove', 'read-only-one', 'change-only-one', 'remove-only-one', 'do']),
  /** Under what its records are kept: `calendars/groups`. */
  collection: z.string(),
  /** Which value of the path names the record. */
  idParameter: z.string().optional(),
  /** Values of the path that name records these belong to, with the collection of each. */
  owners: z.record(z.string(), z.string()),
  /** Nothing lists or makes records of the collection: whatever id is named exists. */
  isGiven: z.literal(true).optional(),
})
export type Resource = z.output<typeof Resource>

const Body = z.object({ type: z.enum(['json', 'form', 'multipart']), required: z.literal(true).optional(), schema: Schema })

export const ServedOperation = Resource.extend({
  id: z.string(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string(),
  version: z.string(),
  isV3: z.literal(true).optional(),
  scopes: z.array(z.string()),
  /** Of success, and of a record nobody knows. */
  status: z.union([z.literal(200), z.literal(201), z.literal(204)]),
  unknownAs: z.union([z.literal(400), z.literal(404)]),
  /** Where the items of a list are in the answer; empty when the answer itself is the list. */
  items: z.string().optional(),
  paging: z.string().optional(),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.literal(true).optional(), schema: Schema }),
  ),
  body: Body.optional(),
  reply: Schema,
})
export type ServedOperation = z.output<typeof ServedOperation>

/** One data file: the operations of a module, with the schemas they share. */
export const ServedModule = z.object({ schemas: z.record(z.string(), Schema), operations: z.array(ServedOperation) })
export type ServedModule = z.output<typeof ServedModule>

/** What is needed to find an operation by method and path. */
export const ServedRow = z.object({ id: z.string(), method: z.string(), path: z.string(), file: z.string() })
export type ServedRow = z.output<typeof ServedRow>
