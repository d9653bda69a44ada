import { readFileSync } from 'node:fs'
import { BoundedMap } from '@couplet/core'
import { z } from 'zod'
import { ServedModule, type ServedOperation, ServedRow, type Schema } from './facts.ts'

/** Modules kept at a time; a flow uses one or two. */
const MODULES_MAX = 6

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8'))

let rows: readonly ServedRow[] | undefined
let scopes: readonly string[] | undefined
const modules = new BoundedMap<string, ServedModule>(MODULES_MAX)

/** Every operation with its address, read when the first request comes that no written-out operation answers. */
export const servedRows = (): readonly ServedRow[] => (rows ??= z.array(ServedRow).parse(read('index')))

/** All permissions that operations of the catalogue ask for. */
export const servedScopes = (): readonly string[] => (scopes ??= z.array(z.string()).parse(read('scopes')))

export type Served = { operation: ServedOperation; module: ServedModule }

/** An operation with everything known of its module. */
export function loadServed(row: ServedRow): Served {
  const module = modules.get(row.file) ?? ServedModule.parse(read(row.file))
  modules.set(row.file, module)
  const operation = module.operations.find(({ id }) => id === row.id)
  if (!operation) throw new Error(`${row.file}.json lacks ${row.id}`)
  return { operation, module }
}

const DEPTH_MAX = 40

/** The schema itself, wherever a chain of references leads. */
export function opened(schema: Schema, schemas: ServedModule['schemas']): Schema {
  let current: Schema = schema
  for (let depth = 0; depth < DEPTH_MAX && typeof current['$ref'] === 'string'; depth++)
    current = schemas[current['$ref'].slice('#/$defs/'.length)] ?? {}
  return current
}
