import { isJsonObject, readPath } from '@couplet/core'
import type { z } from 'zod'
import { ActionStep, BranchStep, FlowDefinition, ForEachStep, Mapping, Pill, StopStep, TriggerStep, WaitStep } from './definition.ts'
import { nearest } from './nearest.ts'
import { type DataPath, placeOf } from './place.ts'
import { type Problem, problemAt } from './problem.ts'

/** What the schema of a flow has to say about a file, in words for people, each at its precise place. */

const STEP_KINDS: Record<string, readonly string[]> = Object.fromEntries(
  [ActionStep, BranchStep, ForEachStep, WaitStep, StopStep].map((schema) => [schema.shape.kind.value, Object.keys(schema.shape)]),
)
const MAPPING_KINDS: Record<string, readonly string[]> = Object.fromEntries(
  Mapping.options.map((schema) => [schema.shape.kind.value, Object.keys(schema.shape)]),
)
const WAIT_KINDS: Record<string, readonly string[]> = Object.fromEntries(
  WaitStep.shape.wait.options.map((schema) => [schema.shape.kind.value, Object.keys(schema.shape)]),
)

type Place = { kinds?: Record<string, readonly string[]>; keys?: readonly string[] }

/** Which members may stand at a path: by what surrounds it, since the file itself may be wrong there. */
function placeAt(path: DataPath): Place {
  const last = path.at(-1)
  const before = path.at(-2)
  if (path.length === 0) return { keys: Object.keys(FlowDefinition.shape) }
  if (path.length === 1 && last === 'trigger') return { keys: Object.keys(TriggerStep.shape) }
  if (path.length === 2 && before === 'slots') return { keys: ['connector', 'title'] }
  if (typeof last === 'number' && (before === 'steps' || before === 'otherwise' || before === 'onFailure')) return { kinds: STEP_KINDS }
  if (typeof last === 'number' && before === 'branches') return { keys: ['title', 'when', 'steps'] }
  if (typeof last === 'number' && before === 'parts') return { keys: Object.keys(Pill.shape) }
  if (last === 'wait') return { kinds: WAIT_KINDS }
  return { kinds: MAPPING_KINDS }
}

function keysAt(definition: unknown, path: DataPath): readonly string[] {
  const place = placeAt(path)
  if (place.keys) return place.keys
  const kind = readPath(definition, [...path, 'kind'])
  return (
    (typeof kind === 'string' && place.kinds && Object.hasOwn(place.kinds, kind) ? place.kinds[kind] : undefined) ??
    Object.values(place.kinds ?? {}).flat()
  )
}

const KIND_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'an object { … }',
  record: 'an object { … }',
  null: 'null',
  tuple: 'a list',
}

function valueWords(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return JSON.stringify(value)?.slice(0, 62) ?? 'nothing'
}

type Words = { code: string; message: string; hint?: string | undefined }

function words(issue: z.core.$ZodIssue, definition: unknown, path: DataPath): Words {
  const name = String(path.at(-1) ?? 'the file')
  const value = readPath(definition, path)
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = KIND_WORDS[issue.expected] ?? issue.expected
      if (value === undefined)
        return {
          code: 'flow.missing',
          message: `"${name}" is missing${path.length > 1 ? ` in ${placeOf(path.slice(0, -1))}` : ''}.`,
          hint: `Add "${name}": ${wanted}.`,
        }
      return { code: 'flow.wrong_kind', message: `"${name}" must be ${wanted}, but is ${valueWords(value)}.` }
    }
    case 'invalid_value': {
      const allowed = issue.values.map((choice) => String(choice))
      const near = typeof value === 'string' ? nearest(value, allowed) : undefined
      if (value === undefined)
        return { code: 'flow.missing', message: `"${name}" is missing.`, hint: `It must be ${choiceWords(allowed)}.` }
      return {
        code: 'flow.unknown_value',
        message: `"${name}" cannot be ${valueWords(value)}.`,
        hint: near === undefined ? `It must be ${choiceWords(allowed)}.` : `Did you mean "${near}"? It must be ${choiceWords(allowed)}.`,
      }
    }
    case 'invalid_union': {
      const kinds = Object.keys(placeAt(path.slice(0, -1)).kinds ?? placeAt(path).kinds ?? {})
      const kind = name === 'kind' ? value : readPath(definition, [...path, 'kind'])
      if (kind === undefined)
        return { code: 'flow.missing', message: `"kind" is missing in ${placeOf(path)}.`, hint: `It must be ${choiceWords(kinds)}.` }
      const near = typeof kind === 'string' ? nearest(kind, kinds) : undefined
      return {
        code: 'flow.unknown_kind',
        message: `There is no kind ${valueWords(kind)}.`,
        hint: near === undefined ? `It must be ${choiceWords(kinds)}.` : `Did you mean "${near}"?`,
      }
    }
    case 'too_big':
    case 'too_small': {
      const limit = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`
      const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''
      return {
        code: issue.code === 'too_big' ? 'flow.too_large' : 'flow.too_small',
        message: `"${name}" must ${unit === '' ? 'be' : 'have'} ${limit}${unit}.`,
      }
    }
    case 'invalid_format':
    case 'custom':
      return {
        code: 'flow.bad_value',
        message: `"${name}" ${issue.message.startsWith('must') || issue.message.startsWith('is') ? issue.message : `is not accepted: ${issue.message}`}${value === undefined ? '' : ` (it is ${valueWords(value)})`}.`,
      }
    default:
      return { code: 'flow.bad_value', message: `"${name}" is not accepted: ${issue.message}.` }
  }
}

const choiceWords = (values: readonly string[]): string =>
  values.length === 1 ? `"${values[0]}"` : `one of ${values.map((value) => `"${value}"`).join(', ')}`

/** Of the alternatives of a union that failed, the one the author most likely meant: it got further than the wrong kind at its root. */
function likeliest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return undefined
  return issue.errors.find((issues) => issues.every((inner) => inner.path.length > 0 || inner.code !== 'invalid_type'))
}

function* problems(issues: readonly z.core.$ZodIssue[], definition: unknown, base: DataPath): Generator<Problem> {
  for (const issue of issues) {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]
    const inner = likeliest(issue)
    if (inner) yield* problems(inner, definition, path)
    else if (issue.code === 'unrecognized_keys') {
      const known = keysAt(definition, path)
      for (const key of issue.keys) {
        const near = nearest(key, known)
        yield problemAt(definition, [...path, key], {
          severity: 'error',
          code: 'flow.unknown_member',
          message: `There is no member "${key}" here.`,
          hint: near === undefined ? `Remove it. Known members: ${[...new Set(known)].join(', ')}.` : `Did you mean "${near}"?`,
        })
      }
    } else if (issue.code === 'invalid_key') {
      yield problemAt(definition, path, {
        severity: 'error',
        code: 'flow.bad_value',
        message: `The name "${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is not accepted'}.`,
      })
    } else yield problemAt(definition, path, { severity: 'error', ...words(issue, definition, path) })
  }
}

/** At most this many problems of the file's form are listed: a file that is something else altogether would give thousands. */
const PROBLEMS_MAX = 100

export function schemaProblems(error: z.ZodError, definition: unknown): Problem[] {
  const found: Problem[] = []
  for (const problem of problems(error.issues, isJsonObject(definition) ? definition : {}, [])) {
    if (found.length >= PROBLEMS_MAX) break
    found.push(problem)
  }
  return found
}
