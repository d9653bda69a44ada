import { isJsonObject } from '@couplet/core'
import { z } from 'zod'
import type { Schema, ServedModule } from './facts.ts'

const checkers = new WeakMap<object, z.ZodType>()

/** Formats are left out: the vendor writes `date-time` beside values that are none. */
const withoutFormats = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(withoutFormats)
  if (!isJsonObject(part)) return part
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, value]) => (key === 'format' && typeof value === 'string' ? [] : [[key, withoutFormats(value)]])),
  )
}

/** A schema of a data file as a check, made once. */
export function checkerOf(schema: Schema, schemas: ServedModule['schemas']): z.ZodType {
  const known = checkers.get(schema)
  if (known) return known
  const text = JSON.stringify(schema)
  const made = z.fromJSONSchema(Object(withoutFormats(text.includes('"$ref"') ? { ...schema, $defs: schemas } : schema)))
  checkers.set(schema, made)
  return made
}

export const fits = (schema: Schema, schemas: ServedModule['schemas'], value: unknown): boolean =>
  checkerOf(schema, schemas).safeParse(value).success
