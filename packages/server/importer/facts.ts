import { z } from 'zod'

/** A file to be imported is no larger. */
export const DOCUMENT_BYTES_MAX = 10_000_000

const Schema = z.record(z.string(), z.unknown())

/** What a repeat of the call does, as far as an imported file can tell. `keyed`: it takes an idempotency key in `keyHeader`. */
export const IMPORTED_EFFECTS = ['read', 'harmless', 'keyed', 'never'] as const
export type ImportedEffect = (typeof IMPORTED_EFFECTS)[number]

/** How a list goes on: the parameters that say where (`at`) and how much (`size`), and for cursors where the next one is in the answer. */
export const ImportedPaging = z.object({
  style: z.enum(['offset', 'page', 'cursor']),
  at: z.string(),
  size: z.string().optional(),
  sizeMax: z.number().optional(),
  next: z.string().optional(),
})
export type ImportedPaging = z.output<typeof ImportedPaging>

/** One operation of an imported file. `call` (verb and path) is what it is known by when the file comes again. */
export const ImportedOperation = z.object({
  /** Without the connector's: `customers.list-customers`. */
  id: z.string(),
  call: z.string(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string(),
  title: z.string(),
  summary: z.string(),
  group: z.string(),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.literal(true).optional(), schema: Schema }),
  ),
  body: z.object({ type: z.enum(['json', 'form', 'multipart']), required: z.literal(true).optional(), schema: Schema }).optional(),
  reply: Schema.optional(),
  effect: z.enum(IMPORTED_EFFECTS),
  keyHeader: z.string().optional(),
  paging: ImportedPaging.optional(),
  /** Where the items of a list are in the answer; empty when the answer itself is the list. */
  items: z.string().optional(),
  /** The member that tells items apart. */
  itemId: z.string().optional(),
  isDeprecated: z.literal(true).optional(),
})
export type ImportedOperation = z.output<typeof ImportedOperation>

/** How requests prove who asks. Secrets are never here: they are entered for each connection. */
export const SignIn = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), title: z.string() }),
  z.object({ kind: z.literal('basic'), title: z.string() }),
  z.object({ kind: z.literal('header'), title: z.string(), name: z.string() }),
  z.object({ kind: z.literal('query'), title: z.string(), name: z.string() }),
  z.object({ kind: z.literal('client-credentials'), title: z.string(), tokenUrl: z.string(), scopes: z.array(z.string()) }),
])
export type SignIn = z.output<typeof SignIn>

/** Something of the file that could not be taken over, and why. */
export const LeftOut = z.object({ place: z.string(), reason: z.string() })
export type LeftOut = z.output<typeof LeftOut>

/** What an OpenAPI file says, as far as Couplet can use it. */
export const ImportedApi = z.object({
  title: z.string(),
  summary: z.string(),
  version: z.string(),
  /** Absolute base URLs, the usual one first. Empty: the file names none. */
  servers: z.array(z.string()),
  /** Ways to sign in that Couplet can use, the file's preferred one first. */
  signIns: z.array(SignIn),
  operations: z.array(ImportedOperation),
  leftOut: z.array(LeftOut),
})
export type ImportedApi = z.output<typeof ImportedApi>
