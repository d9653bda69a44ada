import { Fault, isJsonObject, type Json } from '@couplet/core'
import type { z } from 'zod'
import { checkConstant } from './check-constant.ts'
import { fit } from './conversions.ts'
import type { FlowDefinition, Mapping, Pill } from './definition.ts'
import { compileFormula } from './formula.ts'
import { type FormulaNote, typeOfFormula } from './formula-type.ts'
import type { JsonSchema } from './operation-shape.ts'
import type { DataPath } from './place.ts'
import { type StaticScope, typeOfPath, unknownName } from './static-scope.ts'
import {
  acceptsNull,
  alternatives,
  ANY,
  listOf,
  mayBeEmpty,
  type Member,
  TEXT,
  typeOfValue,
  typeWords,
  unionOf,
  type ValueType,
  withoutEmpty,
  YES_NO,
} from './value-type.ts'

/** Something the check found in a mapping or formula. `path` is inside the mapping; `fixed` would put it right in its place. */
export type Finding = { severity: 'error' | 'warning'; code: string; message: string; hint?: string; path: DataPath; fixed?: Mapping }

/** Where a mapping stands: what it sees, and for which step. */
export type CheckPlace = { definition: FlowDefinition; scope: StaticScope; stepId?: string | undefined }

/** The field a mapping fills. */
export type CheckTarget = { type: ValueType; required: boolean; schema?: unknown; root?: JsonSchema }

type Report = (finding: Finding) => void

/** The type a mapping gives, without complaining about it. */
export function typeOfMapping(mapping: Mapping, place: CheckPlace): ValueType {
  switch (mapping.kind) {
    case 'value':
      return typeOfValue(asJson(mapping.value))
    case 'pill':
      return typeOfPill(mapping, place, undefined)
    case 'text':
      return TEXT
    case 'formula':
      return typeOfFormulaText(mapping.formula, place, undefined)
    case 'list':
      return listOf(mapping.items.length === 0 ? ANY : unionOf(mapping.items.map((item) => withoutEmpty(typeOfMapping(item, place)))))
    case 'object':
      return {
        kind: 'object',
        members: new Map(
          Object.entries(mapping.fields).map(([name, field]): [string, Member] => memberOf(name, typeOfMapping(field, place))),
        ),
      }
    default:
      return mapping satisfies never
  }
}

const memberOf = (name: string, type: ValueType): [string, Member] => [name, { type: withoutEmpty(type), optional: mayBeEmpty(type) }]
const asJson = (value: z.core.util.JSONType): Json => value

function typeOfPill(pill: Pill, place: CheckPlace, report: Report | undefined, path: DataPath = []): ValueType {
  const found = typeOfPath(place.definition, place.scope, pill.path, place.stepId)
  if ('type' in found)
    return pill.fallback === undefined || pill.fallback === null
      ? found.type
      : unionOf([withoutEmpty(found.type), typeOfValue(pill.fallback)])
  const { message, hint, suggestion } = found.missing
  const repaired: Pill['path'] = [...pill.path]
  if (suggestion !== undefined) repaired[found.at] = suggestion
  report?.({
    severity: 'error',
    code: found.at === 0 ? 'mapping.unknown_name' : 'mapping.unknown_member',
    message,
    hint,
    path,
    ...(suggestion === undefined ? {} : { fixed: { ...pill, path: repaired } }),
  })
  return ANY
}

function typeOfFormulaText(text: string, place: CheckPlace, report: ((note: FormulaNote | Fault) => void) | undefined): ValueType {
  try {
    const { type, notes } = typeOfFormula(compileFormula(text), place.scope, (name) =>
      unknownName(place.definition, place.scope, name, place.stepId),
    )
    for (const note of notes) report?.(note)
    return type
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    report?.(thrown)
    return ANY
  }
}

function reportFormula(text: string, report: Report, path: DataPath): (note: FormulaNote | Fault) => void {
  return (note) => {
    if (note instanceof Fault) {
      const { code, message, hint, place } = note.facts
      report({
        severity: 'error',
        code,
        message: place === undefined || place === 'formula' ? message : `${message} (${place})`,
        ...(hint === undefined ? {} : { hint }),
        path,
      })
      return
    }
    const fixed: Mapping | undefined =
      note.replacement === undefined
        ? undefined
        : { kind: 'formula', formula: `${text.slice(0, note.start)}${note.replacement}${text.slice(note.end)}` }
    report({ severity: note.severity, code: note.code, message: note.message, hint: note.hint, path, ...(fixed ? { fixed } : {}) })
  }
}

/** Checks a formula that must give yes or no. `fixed` of a finding is a formula mapping. */
export function checkCondition(formula: string, place: CheckPlace): Finding[] {
  const findings: Finding[] = []
  const report: Report = (finding) => void findings.push(finding)
  const type = typeOfFormulaText(formula, place, reportFormula(formula, report, []))
  const kinds = alternatives(type).map((part) => part.kind)
  if (!kinds.includes('any') && !kinds.includes('yes-no'))
    report({
      severity: 'error',
      code: 'formula.not_yes_no',
      message: `The condition must give yes or no, but gives ${typeWords(type)}.`,
      hint: 'Compare the value, for example … != "" or … > 0.',
      path: [],
    })
  else if (findings.length === 0 && fit(type, YES_NO).verdict !== 'fits')
    report({
      severity: 'warning',
      code: 'formula.not_yes_no',
      message: `The condition may give ${typeWords(type)} instead of yes or no; then the step fails.`,
      hint: 'Compare the value, for example … == true.',
      path: [],
    })
  return findings
}

/** Checks a formula whose result may be anything. */
export function checkFormula(formula: string, place: CheckPlace): Finding[] {
  const findings: Finding[] = []
  typeOfFormulaText(
    formula,
    place,
    reportFormula(formula, (finding) => void findings.push(finding), []),
  )
  return findings
}

/** Checks one mapping against the field it fills: names, members, types, emptiness, constants. */
export function checkMapping(mapping: Mapping, target: CheckTarget, place: CheckPlace): Finding[] {
  const findings: Finding[] = []
  check(mapping, target, place, [], (finding) => void findings.push(finding))
  return findings
}

function check(mapping: Mapping, target: CheckTarget, place: CheckPlace, path: DataPath, report: Report): void {
  switch (mapping.kind) {
    case 'value':
      return checkConstant(asJson(mapping.value), target, path, report)
    case 'pill':
      return compare(mapping, typeOfPill(mapping, place, report, path), target, path, report)
    case 'text':
      for (const [index, part] of mapping.parts.entries())
        if (typeof part !== 'string') checkTextPart(part, place, [...path, 'parts', index], report)
      return compare(mapping, textType(mapping.parts), target, path, report)
    case 'formula':
      return compare(mapping, typeOfFormulaText(mapping.formula, place, reportFormula(mapping.formula, report, path)), target, path, report)
    case 'list':
      return checkList(mapping, target, place, path, report)
    case 'object':
      return checkObject(mapping, target, place, path, report)
    default:
      return mapping satisfies never
  }
}

/** A text without pills is a constant. */
const textType = (parts: readonly (string | Pill)[]): ValueType =>
  parts.every((part) => typeof part === 'string') ? typeOfValue(parts.join('')) : TEXT

function checkTextPart(pill: Pill, place: CheckPlace, path: DataPath, report: Report): void {
  const type = typeOfPill(pill, place, report, path)
  if (alternatives(type).some((part) => part.kind === 'object'))
    report({
      severity: 'warning',
      code: 'mapping.object_in_text',
      message: 'An object stands in the text; it will be written as JSON.',
      hint: 'Choose one of its members.',
      path,
    })
}

const wrapped = (mapping: Mapping, name: string): Mapping | undefined => {
  if (mapping.kind === 'formula') return { kind: 'formula', formula: `${name}(${mapping.formula})` }
  if (mapping.kind !== 'pill' || mapping.fallback !== undefined) return undefined
  const [root, ...rest] = mapping.path
  const formula = rest.reduce<string>(
    (text, part) => `${text}${typeof part === 'string' && /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`}`,
    root,
  )
  return { kind: 'formula', formula: `${name}(${formula})` }
}

function compare(mapping: Mapping, type: ValueType, target: CheckTarget, path: DataPath, report: Report): void {
  const found = fit(type, target.type)
  const wanted = withoutEmpty(target.type)
  if (found.verdict === 'mismatch') {
    const isText = alternatives(withoutEmpty(type)).every((part) => part.kind === 'text')
    const fixed =
      isText && wanted.kind === 'number'
        ? wrapped(mapping, 'number')
        : isText && wanted.kind === 'yes-no'
          ? wrapped(mapping, 'bool')
          : undefined
    report({
      severity: 'error',
      code: 'mapping.mismatch',
      message: found.words ?? 'The value does not fit the field.',
      ...(found.hint ? { hint: found.hint } : {}),
      path,
      ...(fixed ? { fixed } : {}),
    })
  } else if (found.verdict === 'converted')
    report({
      severity: 'warning',
      code: 'mapping.converted',
      message: found.words ?? 'The value is converted.',
      hint: 'Nothing to do if that is what you want.',
      path,
    })
  else if (found.verdict === 'may-not-fit')
    report({
      severity: 'warning',
      code: 'mapping.may_not_fit',
      message: found.words ?? 'The value may not fit the field.',
      hint: found.hint ?? 'Make sure of the value in an earlier step, or with a formula.',
      path,
    })
  if (target.required && mayBeEmpty(type) && !acceptsNull(target.type)) {
    const fallback =
      wanted.kind === 'text' && !wanted.values && !wanted.format
        ? ''
        : wanted.kind === 'number' && !wanted.values
          ? 0
          : wanted.kind === 'list'
            ? []
            : wanted.kind === 'yes-no'
              ? false
              : undefined
    const fixed: Mapping | undefined = mapping.kind === 'pill' && fallback !== undefined ? { ...mapping, fallback } : undefined
    report({
      severity: 'warning',
      code: 'mapping.may_be_empty',
      message: 'The value may be empty, but the field needs one.',
      hint: 'Give a fallback, or put the step into a branch that tests for it.',
      path,
      ...(fixed ? { fixed } : {}),
    })
  }
}

function checkList(mapping: Mapping & { kind: 'list' }, target: CheckTarget, place: CheckPlace, path: DataPath, report: Report): void {
  const parts = alternatives(target.type)
  const list = parts.find((part) => part.kind === 'list')
  if (!list && !parts.some((part) => part.kind === 'any')) return compare(mapping, typeOfMapping(mapping, place), target, path, report)
  const schema = isJsonObject(target.schema) ? target.schema['items'] : undefined
  for (const [index, item] of mapping.items.entries())
    check(
      item,
      { type: list?.items ?? ANY, required: false, schema, ...(target.root ? { root: target.root } : {}) },
      place,
      [...path, 'items', index],
      report,
    )
}

function checkObject(mapping: Mapping & { kind: 'object' }, target: CheckTarget, place: CheckPlace, path: DataPath, report: Report): void {
  const parts = withoutEmpty(target.type)
  if (parts.kind !== 'object') {
    for (const [name, field] of Object.entries(mapping.fields))
      check(field, { type: ANY, required: false }, place, [...path, 'fields', name], report)
    if (parts.kind !== 'any' && parts.kind !== 'union') compare(mapping, { kind: 'object', members: new Map() }, target, path, report)
    return
  }
  checkMembers(mapping.fields, parts, target, place, (name) => [...path, 'fields', name], path, report)
}

/** Members of an object built field by field: each against its type, then those that are missing. */
function checkMembers(
  fields: Record<string, Mapping>,
  type: ValueType & { kind: 'object' },
  target: CheckTarget,
  place: CheckPlace,
  at: (name: string) => DataPath,
  path: DataPath,
  report: Report,
): void {
  const properties = isJsonObject(target.schema) && isJsonObject(target.schema['properties']) ? target.schema['properties'] : {}
  for (const [name, field] of Object.entries(fields)) {
    const member = type.members.get(name)
    if (!member && !type.rest)
      report({
        severity: 'error',
        code: 'input.unknown',
        message: `There is no field "${name}" here.`,
        hint: `Fields: ${[...type.members.keys()].slice(0, 12).join(', ')}.`,
        path: at(name),
      })
    else
      check(
        field,
        {
          type: member?.type ?? type.rest ?? ANY,
          required: member ? !member.optional : false,
          schema: Object.hasOwn(properties, name) ? properties[name] : undefined,
          ...(target.root ? { root: target.root } : {}),
        },
        place,
        at(name),
        report,
      )
  }
  for (const [name, member] of type.members) {
    if (!member.optional && !Object.hasOwn(fields, name))
      report({
        severity: 'error',
        code: 'input.missing',
        message: `The field "${member.title ?? name}" needs a value.`,
        hint: `Give "${name}" a value.`,
        path,
      })
  }
}

/** The whole input of an action against its operation's input schema. Paths start with the name of the input. */
export function checkInput(input: Record<string, Mapping>, schema: JsonSchema, type: ValueType, place: CheckPlace): Finding[] {
  const findings: Finding[] = []
  if (type.kind !== 'object') {
    for (const [name, mapping] of Object.entries(input))
      check(mapping, { type: ANY, required: false }, place, [name], (finding) => void findings.push(finding))
    return findings
  }
  checkMembers(
    input,
    type,
    { type, required: true, schema, root: schema },
    place,
    (name) => [name],
    [],
    (finding) => void findings.push(finding),
  )
  return findings
}
