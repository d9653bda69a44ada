import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isJsonObject } from '@couplet/core'
import { dereference } from '@readme/openapi-parser'
import { z } from 'zod'
import { plainSchema } from './published-schema.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..')
const beside = (folder: string): string => join(folder, 'shared', 'openapi', 'highlevel')

/** The nearest folder above that has the files: beside the repository, also when this is a work tree of it that lies deeper. */
function vendorFolder(): string {
  for (let above = dirname(REPOSITORY); above !== dirname(above); above = dirname(above))
    if (existsSync(beside(above))) return beside(above)
  return beside(dirname(REPOSITORY))
}

/** HighLevel's published OpenAPI files; they lie beside the repository, not in it. */
export const VENDOR_FOLDER = vendorFolder()

export const hasVendorFiles = existsSync(VENDOR_FOLDER)

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.looseObject({ enum: z.array(z.string()).optional() }).optional(),
})
const Operation = z.object({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}).optional() })) }).optional(),
})
const Methods = ['get', 'post', 'put', 'patch', 'delete'] as const
const PathItem = z.partialRecord(z.enum(Methods), Operation)

export type PublishedOperation = {
  /** `social-media-posting create-post`, for messages. */
  name: string
  operationId: string
  method: string
  path: string
  /** Accepted values of the header `Version`; empty when the file declares none. */
  versions: readonly string[]
  requiredQuery: readonly string[]
  scopes: readonly string[]
  /** JSON Schema of a JSON body. */
  bodySchema: Record<string, unknown> | undefined
  hasMultipart: boolean
}

/** All operations of one generation (`v2`: dated versions), read from the files of these areas. */
export async function publishedOperations(generation: 'v2' | 'v3', areas: readonly string[]): Promise<PublishedOperation[]> {
  const files = readdirSync(join(VENDOR_FOLDER, generation)).filter((file) => areas.includes(file.replace(/(-v3)?\.json$/, '')))
  return (await Promise.all(files.map((file) => readOperations(join(VENDOR_FOLDER, generation, file))))).flat()
}

/**
 * References to the common file do not resolve in the vendor's own layout, and some local ones are meant for it: its schemas are put
 * into each file, and every reference is made local.
 */
async function readOperations(file: string): Promise<PublishedOperation[]> {
  const common = z
    .object({ components: z.object({ schemas: z.looseObject({}) }) })
    .parse(JSON.parse(readFileSync(join(VENDOR_FOLDER, 'common', 'common-schemas.json'), 'utf8')))
  const document = z
    .looseObject({ components: z.looseObject({ schemas: z.looseObject({}).default({}) }).prefault({}) })
    .parse(JSON.parse(readFileSync(file, 'utf8').replaceAll('../common/common-schemas.json#', '#')))
  document.components.schemas = { ...common.components.schemas, ...document.components.schemas }
  const resolved: unknown = await dereference(JSON.parse(JSON.stringify(document)))
  const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(resolved)
  return Object.entries(paths).flatMap(([path, item]) => {
    const operations = PathItem.parse(
      Object.fromEntries(Object.entries(isJsonObject(item) ? item : {}).filter(([name]) => Methods.some((method) => method === name))),
    )
    return Object.entries(operations).map(([method, operation]) => ({
      name: `${operation.operationId} (${method.toUpperCase()} ${path})`,
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path,
      versions:
        operation.parameters.find(({ name, in: place }) => place === 'header' && name.toLowerCase() === 'version')?.schema?.enum ?? [],
      requiredQuery: operation.parameters.flatMap(({ name, in: place, required }) =>
        place === 'query' && required === true ? [name] : [],
      ),
      scopes: operation.security.flatMap((scheme) => Object.values(scheme).flat()),
      bodySchema: operation.requestBody?.content['application/json']?.schema,
      hasMultipart: operation.requestBody?.content['multipart/form-data'] !== undefined,
    }))
  })
}

const literalParts = (path: string): number => path.split('/').filter((part) => !part.startsWith('{')).length

/** The operation a request means. A path with more literal parts wins: `/locations/search` is no location. */
export function findPublished(operations: readonly PublishedOperation[], method: string, pathname: string): PublishedOperation | undefined {
  const asked = pathname.replace(/\/$/, '').split('/')
  return operations
    .filter((operation) => {
      const parts = operation.path.replace(/\/$/, '').split('/')
      return (
        operation.method === method &&
        parts.length === asked.length &&
        parts.every((part, index) => part.startsWith('{') || part === asked[index])
      )
    })
    .toSorted((a, b) => literalParts(b.path) - literalParts(a.path))[0]
}

/** What in a request does not fit the published operation; empty when all does. */
export function misfits(
  operation: PublishedOperation,
  request: { url: URL; headers: Readonly<Record<string, string>>; body: string | undefined },
): string[] {
  const version = request.headers['version']
  const found: string[] = []
  if (operation.versions.length > 0 && !operation.versions.includes(version ?? ''))
    found.push(`Version is ${version ?? 'absent'}, published is ${operation.versions.join(', ')}`)
  for (const name of operation.requiredQuery) if (!request.url.searchParams.has(name)) found.push(`the query parameter ${name} is missing`)
  const { bodySchema } = operation
  if (bodySchema === undefined || operation.hasMultipart) return found
  if (request.body === undefined) return found
  const body: unknown = JSON.parse(request.body)
  const parsed = z.fromJSONSchema(Object(plainSchema(bodySchema)), { defaultTarget: 'openapi-3.0' }).safeParse(body)
  if (!parsed.success) found.push(...parsed.error.issues.map((issue) => `${z.core.toDotPath(issue.path)}: ${issue.message}`))
  // The vendor refuses properties it does not know (REPORTED), though its schemas do not say so.
  const known = bodySchema['properties']
  if (isJsonObject(known) && Object.keys(known).length > 0 && isJsonObject(body))
    for (const name of Object.keys(body)) if (!(name in known)) found.push(`the property ${name} is not published`)
  return found
}
