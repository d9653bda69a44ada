import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { DataObject, Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const EFFECTS = ['read', 'harmless', 'keyed', 'never'] as const
const ImportParams = z.object({ import: z.string() })

/** Where the file is: its text, or an address it is fetched from. */
const Source = z.union([
  z.strictObject({ text: z.string().min(1).max(10_000_000), filename: z.string().max(300).default('openapi') }),
  z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
])

const SignIn = z.looseObject({ kind: z.string(), title: z.string().optional() })

const OperationRow = z.object({
  id: z.string(),
  call: z.string(),
  title: z.string(),
  group: z.string(),
  effect: z.enum(EFFECTS),
  /** The name of the key's header, when it takes one. */
  keyHeader: z.string().optional(),
  /** A polling trigger follows it. */
  isList: z.boolean(),
  change: z.enum(['new', 'changed', 'same', 'gone']),
  version: z.int(),
  differences: z.array(z.string()),
})
const LeftOut = z.object({ place: z.string(), reason: z.string() })

const Preview = z.object({
  title: z.string(),
  summary: z.string(),
  version: z.string(),
  servers: z.array(z.string()),
  signIns: z.array(SignIn),
  operations: z.array(OperationRow),
  leftOut: z.array(LeftOut),
  /** An id for the connector that nobody has. */
  suggestedId: z.string(),
  /** The declared connector this is the file of, by its host, with what that settles. */
  extends: z
    .object({
      connector: z.string(),
      title: z.string(),
      confirmed: z.array(z.string()),
      corrected: z.array(z.string()),
      unknown: z.array(z.string()),
    })
    .nullable(),
})
export type ImportPreview = z.output<typeof Preview>

const ImportView = z.object({
  id: z.string(),
  title: z.string(),
  extends: z.string().nullable(),
  servers: z.array(z.string()),
  signIn: SignIn,
  source: z.object({ name: z.string(), version: z.string(), bytes: z.number(), leftOut: z.array(LeftOut) }),
  operationCount: z.int(),
  importedAt: Instant,
})
export type ImportView = z.output<typeof ImportView>

const WRONG = ['import.not_readable', 'import.not_openapi', 'import.too_much']

/** Connectors made from OpenAPI files, and steps made from cURL commands. */
export const imports = {
  list: endpoint({
    id: 'imports.list',
    method: 'GET',
    path: '/api/imports',
    summary: 'Connectors made from imported files',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ imports: z.array(ImportView) }),
    errors: [],
  }),
  preview: endpoint({
    id: 'imports.preview',
    method: 'POST',
    path: '/api/imports/preview',
    summary:
      'Reads an OpenAPI 3 or Swagger 2 file and says what would become of it; nothing is kept. "onto" names an earlier import to compare with',
    permission: 'connections.write',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ source: Source, onto: z.string().optional() }),
    reply: Preview,
    errors: [...WRONG, 'import.not_found'],
  }),
  create: endpoint({
    id: 'imports.create',
    method: 'POST',
    path: '/api/imports',
    summary:
      'Makes a connector from a file, or brings an earlier import up to date ("onto"); flows keep the versions of operations they have',
    permission: 'connections.write',
    audit: 'connector.imported',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      source: Source,
      onto: z.string().optional(),
      id: z
        .string()
        .regex(/^[a-z][a-z0-9-]{1,39}$/)
        .optional(),
      title: z.string().trim().min(1).max(80).optional(),
      /** Base URL when the file names none or another is meant; it must be a host the secrets may go to. */
      server: z.url({ protocol: /^https?$/ }).optional(),
      /** Which of the ways to sign in of the preview. */
      signIn: z.int().min(0).default(0),
      /** The declared connector whose operations the file confirms or corrects. */
      extends: z.string().optional(),
      effects: z
        .record(z.string(), z.enum(EFFECTS))
        .default({})
        .meta({ title: 'What a repeat does, by verb and path, where the guess is wrong' }),
    }),
    reply: ImportView,
    errors: [...WRONG, 'import.not_found', 'import.id_taken', 'import.no_server', 'import.nothing_usable'],
  }),
  get: endpoint({
    id: 'imports.get',
    method: 'GET',
    path: '/api/imports/:import',
    summary: 'An imported connector with its operations, for review',
    permission: 'connections.read',
    audit: NOTHING_CHANGES,
    params: ImportParams,
    query: NoQuery,
    body: undefined,
    reply: ImportView.extend({ operations: z.array(OperationRow) }),
    errors: ['import.not_found'],
  }),
  review: endpoint({
    id: 'imports.review',
    method: 'PUT',
    path: '/api/imports/:import/effects',
    summary: 'Says what a repeat of operations does (by id), in place of the guess; null goes back to the guess',
    permission: 'connections.write',
    audit: 'connector.reviewed',
    params: ImportParams,
    query: NoQuery,
    body: z.strictObject({ effects: z.record(z.string(), z.enum(EFFECTS).nullable()) }),
    reply: Done,
    errors: ['import.not_found'],
  }),
  remove: endpoint({
    id: 'imports.remove',
    method: 'DELETE',
    path: '/api/imports/:import',
    summary: 'Takes an imported connector away; refused while connections to it are there',
    permission: 'connections.write',
    audit: 'connector.removed',
    params: ImportParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['import.not_found', 'import.in_use'],
  }),
  curl: endpoint({
    id: 'imports.curl',
    method: 'POST',
    path: '/api/imports/curl',
    summary: 'Reads a cURL command as an HTTP step; secrets in it are told apart and left out',
    permission: 'flows.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ command: z.string().min(1).max(100_000) }),
    reply: z.object({
      operation: z.string(),
      version: z.int(),
      title: z.string(),
      input: DataObject,
      /** What looks like a secret, by where it was; its value is not part of the step. */
      secrets: z.array(z.object({ place: z.string(), name: z.string() })),
      /** Options of cURL that have no meaning here. */
      ignored: z.array(z.string()),
      /** A connector that knows this host, and the operation that makes this call. */
      known: z.object({ connector: z.string(), operation: z.string().optional() }).optional(),
    }),
    errors: ['curl.not_readable'],
  }),
} as const
