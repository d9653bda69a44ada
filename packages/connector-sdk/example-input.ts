import { sampleValue } from './catalogue/sample-value.ts'
import { isObject, type Schema } from './catalogue/schema.ts'
import type { AnyOperation } from './registry.ts'

/** Fields a person rarely touches are left out of an example, unless the operation needs them. */
function withoutRare(schema: Schema, isNeeded: (name: string, field: Schema) => boolean): Schema {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name, field]) => isObject(field) && isNeeded(name, field))),
  }
}

/** Made-up values often miss a bound of one optional field; without it the rest is still a good example. */
const DROPS_MAX = 3

/**
 * Values an operation takes, made from its own form: every usual field, without those optional ones the operation's own check refuses.
 * `undefined` when even the needed ones do not pass.
 */
export function exampleInput(operation: AnyOperation, form: Schema): Record<string, unknown> | undefined {
  const required = new Set(Array.isArray(form['required']) ? form['required'] : [])
  const isRequired = (name: string, field: Schema): boolean => required.has(name) && !('default' in field)
  const made = (keeps: (name: string, field: Schema) => boolean): unknown =>
    sampleValue({ ...withoutRare(form, keeps), examples: undefined, default: undefined })
  let usual = made((name, field) => isRequired(name, field) || field['advanced'] !== true)
  for (let drops = 0; drops < DROPS_MAX && isObject(usual); drops++) {
    const parsed = operation.input.safeParse(usual)
    if (parsed.success) return usual
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]))
    usual = Object.fromEntries(Object.entries(usual).filter(([name]) => !wrong.has(name) || required.has(name)))
  }
  const needed = made(isRequired)
  return isObject(needed) && operation.input.safeParse(needed).success ? needed : undefined
}
