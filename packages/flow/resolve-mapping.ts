import { Fault, type Json, type JsonObject, readPath, userFault } from '@couplet/core'
import { convertValue } from './conversions.ts'
import type { Mapping, Pill } from './definition.ts'
import { evaluateFormula } from './formula.ts'
import { boundedText, plainText } from './formula-values.ts'
import type { JsonSchema } from './operation-shape.ts'
import { type DataPath, placeOf } from './place.ts'
import { ANY, typeOfSchema, type ValueType } from './value-type.ts'

/** What mappings see: `trigger`, `run`, `connections`, `outcomes` and the outputs of earlier steps by id. JSON all the way down. */
export type Scope = { readonly [name: string]: Json | undefined }

function pillValue(pill: Pill, scope: Scope): Json | undefined {
  const found = readPath(scope, pill.path)
  if (found === undefined || found === null) return pill.fallback ?? asJson(found)
  return asJson(found)
}

/** `readPath` on JSON gives JSON; the cast says so where its signature cannot. */
const asJson = (value: unknown): Json | undefined => value as Json | undefined

/**
 * The value of one mapping. An absent pill without fallback gives `undefined`: the member is left out. Text parts are written
 * out (lists joined with ", ", objects as JSON, absent as ""). `target` is the type of the field, for the automatic conversions.
 * Throws user faults only, with `place` = where in the input (`tags[0].name`).
 */
export function resolveMapping(mapping: Mapping, scope: Scope, target: ValueType = ANY, at: DataPath = []): Json | undefined {
  try {
    switch (mapping.kind) {
      case 'value':
        return mapping.value
      case 'pill':
        return convertValue(pillValue(mapping, scope), target)
      case 'text':
        return convertValue(
          boundedText(mapping.parts.map((part) => (typeof part === 'string' ? part : plainText(pillValue(part, scope)))).join('')),
          target,
        )
      case 'formula':
        return convertValue(evaluateFormula(mapping.formula, scope), target)
      case 'list': {
        const items = target.kind === 'list' ? target.items : ANY
        // An item without a value is left out too: a hole would shift nothing but mean nothing.
        return mapping.items.map((item, index) => resolveMapping(item, scope, items, [...at, index])).filter((item) => item !== undefined)
      }
      case 'object':
        return resolveMembers(mapping.fields, scope, target, at)
      default:
        return mapping satisfies never
    }
  } catch (thrown) {
    throw placed(thrown, at)
  }
}

/** A fault that says where in the input it happened; the place inside the formula, when there is one, goes to the details. */
function placed(thrown: unknown, at: DataPath): unknown {
  if (!(thrown instanceof Fault) || thrown.facts.details?.['placed'] === true) return thrown
  const inner = thrown.facts.place
  return new Fault(
    {
      ...thrown.facts,
      place: placeOf(at),
      details: { ...thrown.facts.details, placed: true, ...(inner === undefined ? {} : { formula: inner }) },
    },
    { cause: thrown.cause },
  )
}

function resolveMembers(fields: Record<string, Mapping>, scope: Scope, target: ValueType, at: DataPath): JsonObject {
  const members: [string, Json][] = []
  for (const [name, mapping] of Object.entries(fields)) {
    const type = target.kind === 'object' ? (target.members.get(name)?.type ?? target.rest ?? ANY) : ANY
    const value = resolveMapping(mapping, scope, type, [...at, name])
    if (value !== undefined) members.push([name, value])
  }
  return Object.fromEntries(members)
}

/**
 * The input of a step. `schema` is the operation's input schema: values are converted by the table in `conversions.ts`.
 * Members without a value are left out. Throws user faults only, with `place` = input path.
 */
export function resolveInput(input: Record<string, Mapping>, scope: Scope, schema?: JsonSchema): JsonObject {
  return resolveMembers(input, scope, schema ? typeOfSchema(schema) : ANY, [])
}

/** A text for people (the question of an approval, the reason of a stop): any mapping written out. */
export const resolveText = (mapping: Mapping, scope: Scope): string => plainText(resolveMapping(mapping, scope))

/** The list a for-each works on. Throws a user fault when the mapping does not give a list. */
export function resolveList(mapping: Mapping, scope: Scope): readonly Json[] {
  const value = resolveMapping(mapping, scope)
  if (Array.isArray(value)) return value
  throw userFault({
    code: 'mapping.not_a_list',
    message: 'The for-each step needs a list, but got something else.',
    hint: 'Choose a list in the data pane, or give a fallback for when it is absent: an empty list.',
    place: 'items',
  })
}
