import { z } from 'zod'

/** A member the vendor may leave out or send as null: absent in what we hand on. */
export const maybe = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? undefined)

/** Text the vendor may leave out, send as null, or send empty when it means "none". */
export const maybeText = z
  .string()
  .nullish()
  .transform((value) => (value ? value : undefined))

/** A number that may arrive as text, or not at all. Anything else counts as absent. */
export const maybeNumber = z
  .unknown()
  .optional()
  .transform((value) => {
    if (value === null || value === undefined || value === '') return undefined
    const number = Number(value)
    return Number.isFinite(number) ? number : undefined
  })

/** A list the vendor may leave out or send as null: an empty list then. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])

/** The envelope of social operations: what matters sits in `results` (CONFIRMED). */
export const results = <S extends z.ZodType>(schema: S) =>
  z.preprocess((body) => (typeof body === 'object' && body !== null && 'results' in body ? body.results : undefined), schema)

/** Answers whose content does not matter, or that have none. */
export const Anything = z.unknown()
