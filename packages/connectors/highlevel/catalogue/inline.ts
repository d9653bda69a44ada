import type { Schema } from './facts.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const DEPTH_MAX = 14

/** The schema with what it refers to put in its place. What leads back to itself, or lies too deep, says nothing any more. */
export function inlined(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  const open = (given: unknown, opened: readonly string[], depth: number): unknown => {
    if (Array.isArray(given)) return given.map((part) => open(part, opened, depth))
    if (!isObject(given)) return given
    const reference = given['$ref']
    if (typeof reference === 'string') {
      const name = reference.slice('#/$defs/'.length)
      const target = schemas[name]
      return target === undefined || opened.includes(name) || depth >= DEPTH_MAX ? {} : open(target, [...opened, name], depth + 1)
    }
    return Object.fromEntries(Object.entries(given).map(([key, part]) => [key, open(part, opened, depth)]))
  }
  const made = open(schema, [], 0)
  return isObject(made) ? made : {}
}
