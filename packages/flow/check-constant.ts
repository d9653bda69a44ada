import { isJsonObject, type Json } from '@couplet/core'
import { z } from 'zod'
import type { CheckTarget, Finding } from './check-types.ts'
import { fit } from './conversions.ts'
import type { JsonSchema } from './operation-shape.ts'
import type { DataPath } from './place.ts'
import { acceptsNull, typeOfValue } from './value-type.ts'

const validators = new WeakMap<object, Map<unknown, z.ZodType | undefined>>()

/** The schema of one field as a zod schema, with the definitions its references need; undefined when zod cannot read it. */
function validatorOf(schema: object, root: JsonSchema | undefined): z.ZodType | undefined {
  const perRoot = validators.get(schema) ?? new Map<unknown, z.ZodType | undefined>()
  validators.set(schema, perRoot)
  if (perRoot.has(root)) return perRoot.get(root)
  let made: z.ZodType | undefined
  try {
    made = z.fromJSONSchema({ ...schema, ...(root?.['$defs'] ? { $defs: root['$defs'] } : {}) } as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    made = undefined
  }
  perRoot.set(root, made)
  return made
}

function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return `is not accepted: ${issue.message}`
  const limit = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`
  return issue.origin === 'string'
    ? `must have ${limit} characters`
    : issue.origin === 'array'
      ? `must have ${limit} items`
      : `must be ${limit}`
}

/** A constant against its field, by the whole schema: lengths, patterns and bounds too. */
export function checkConstant(value: Json, target: CheckTarget, path: DataPath, report: (finding: Finding) => void): void {
  const found = fit(typeOfValue(value), target.type)
  if (value === null && !acceptsNull(target.type)) {
    if (target.required)
      report({
        severity: 'error',
        code: 'input.missing',
        message: 'The field needs a value, but it is empty.',
        hint: 'Give it a value.',
        path,
      })
    return
  }
  if (found.verdict === 'mismatch') {
    report({
      severity: 'error',
      code: 'input.bad_value',
      message: found.words ?? 'The value does not fit the field.',
      ...(found.hint ? { hint: found.hint } : {}),
      path,
    })
    return
  }
  if (!isJsonObject(target.schema) || found.verdict === 'converted') return
  const result = validatorOf(target.schema, target.root)?.safeParse(value)
  for (const issue of result?.error?.issues.slice(0, 5) ?? []) {
    const where = issue.path.length === 0 ? '' : ` (at ${issue.path.map(String).join('.')})`
    report({
      severity: 'error',
      code: 'input.bad_value',
      message: `The value ${issueWords(issue)}${where}.`,
      hint: 'Change the value, or look at the description of the field.',
      path,
    })
  }
}
