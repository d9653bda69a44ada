import { isJsonObject } from '@couplet/core'
import { z } from 'zod'
import { type Highlevel, isOn } from './context.ts'
import { invalid } from './errors.ts'

/** Schemas that speak the vendor's validation language: each message continues the name of the property. */

const MUST_BE_NUMBER_STRING = 'must be a number string'

export const text = (): z.ZodString => z.string({ error: 'must be a string' })
export const numberString = (): z.ZodString => z.string({ error: MUST_BE_NUMBER_STRING }).regex(/^\d+$/, { error: MUST_BE_NUMBER_STRING })
export const flag = (): z.ZodBoolean => z.boolean({ error: 'must be a boolean value' })
export const amount = (): z.ZodNumber => z.number({ error: 'must be a number conforming to the specified constraints' })
export const listOf = <Item extends z.ZodType>(item: Item): z.ZodArray<Item> => z.array(item, { error: 'must be an array' })
export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values): z.ZodType<Values[number]> =>
  z.enum(values, { error: `must be one of the following values: ${values.join(', ')}` })
export const anyObject = (): z.ZodType<Record<string, unknown>> =>
  z.custom<Record<string, unknown>>(isJsonObject, { error: 'must be an object' })
export const isoDate = (): z.ZodString =>
  text().refine((value) => !Number.isNaN(Date.parse(value)), { error: 'must be a valid ISO 8601 date string' })

type Issue = z.core.$ZodIssue

const messagesOf = (issue: Issue, isStrict: boolean): string[] => {
  const path = issue.path.join('.')
  const at = path === '' ? 'body' : path
  if (isStrict) return [`${at} does not fit the published schema`]
  if (issue.code !== 'unrecognized_keys') return [`${at} ${issue.message}`]
  return issue.keys.map((key) => `${path === '' ? '' : `${path}.`}property ${key} should not exist`)
}

const holderAt = (value: unknown, path: readonly PropertyKey[]): Record<PropertyKey, unknown> | undefined => {
  let current: unknown = value
  for (const part of path)
    current = typeof current === 'object' && current !== null ? (current as Record<PropertyKey, unknown>)[part] : undefined
  return typeof current === 'object' && current !== null ? (current as Record<PropertyKey, unknown>) : undefined
}

/** Repairs what the switched-off rules would not have minded; true when nothing else is wrong. */
const repair = (context: Highlevel, value: unknown, issue: Issue): boolean => {
  if (issue.code === 'unrecognized_keys' && !isOn(context, 'whitelist422')) {
    const holder = holderAt(value, issue.path)
    for (const key of issue.keys) if (holder) delete holder[key]
    return true
  }
  const name = issue.path.at(-1)
  const holder = holderAt(value, issue.path.slice(0, -1))
  if (name === undefined || !holder || context.isStrict() || context.setting('numberString422')) return false
  if (issue.message !== MUST_BE_NUMBER_STRING || typeof holder[name] !== 'number') return false
  holder[name] = String(holder[name])
  return true
}

/**
 * Checks what came in. Unknown properties and numbers for number strings follow the settings `whitelist422` and
 * `numberString422` (REPORTED); in strict mode unknown properties are ignored and everything else must fit the published schema.
 */
export function checked<Output>(context: Highlevel, schema: z.ZodType<Output>, value: unknown): Output {
  const first = schema.safeParse(value)
  if (first.success) return first.data
  const copy: unknown = structuredClone(value)
  const left = first.error.issues.filter((issue) => !repair(context, copy, issue))
  const second = schema.safeParse(copy)
  if (second.success) return second.data
  const issues = left.length > 0 ? left : second.error.issues
  throw invalid([...new Set(issues.flatMap((issue) => messagesOf(issue, context.isStrict())))])
}
