import type { ASTNode } from '@marcbachmann/cel-js'
import { type CompiledFormula, isOuterName, outerName } from './formula.ts'
import { combinationsOf, isArithmetic, kindsOf } from './formula-operators.ts'
import { FUNCTION_BY_NAME, LIST_MACROS } from './formula-functions.ts'
import { presentIn, withPresent } from './narrowing.ts'
import { type Missing, memberType, type StaticScope } from './static-scope.ts'
import {
  ABSENT,
  alternatives,
  ANY,
  listOf,
  type Member,
  mayBeAbsent,
  mayBeEmpty,
  NULL,
  NUMBER,
  TEXT,
  typeOfValue,
  typeWords,
  unionOf,
  type ValueType,
  withoutAbsent,
  withoutEmpty,
  YES_NO,
} from './value-type.ts'

/**
 * The type of a formula, worked out over its parsed form with the types of the steps' schemas. The library's own checker runs
 * at compile time with every outer name of any type; it knows neither unions, optional members nor null, which are what
 * vendors' schemas are made of, so the check against schemas is done here.
 */
export type FormulaNote = {
  severity: 'error' | 'warning'
  code: string
  message: string
  hint: string
  start: number
  end: number
  /** Text that would put it right, in place of start..end. */
  replacement?: string
}

type Names = { outer: StaticScope; bound: ReadonlyMap<string, ValueType> }
type Look = { names: Names; checked: boolean; notes: FormulaNote[]; explain: (name: string) => Missing; text: string }

/** `explain` says why an outer name is not known. */
export function typeOfFormula(
  compiled: CompiledFormula,
  scope: StaticScope,
  explain: (name: string) => Missing,
): { type: ValueType; notes: FormulaNote[] } {
  const notes: FormulaNote[] = []
  const type = typeOf(compiled.ast, { names: { outer: scope, bound: new Map() }, checked: false, notes, explain, text: compiled.text })
  return { type: withoutAbsent(type), notes }
}

const note = (look: Look, node: ASTNode, severity: FormulaNote['severity'], code: string, message: string, hint: string): void =>
  void look.notes.push({ severity, code, message, hint, start: node.start, end: node.end })
const sourceOf = (look: Look, node: ASTNode): string => look.text.slice(node.start, node.end)

function typeOf(node: ASTNode, look: Look): ValueType {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'object' && node.args !== null
        ? ANY
        : typeOfValue(typeof node.args === 'bigint' ? Number(node.args) : node.args)
    case 'id':
    case '.':
    case '.?':
    case '[]':
    case '[?]': {
      const type = access(node, look)
      if (mayBeAbsent(type) && !look.checked && !isOptionalAccess(node))
        note(
          look,
          node,
          'warning',
          'formula.may_be_absent',
          `"${sourceOf(look, node)}" may be absent; then the formula fails.`,
          `Give another value for that case: fallback(${sourceOf(look, node)}, …).`,
        )
      return type
    }
    case 'call':
      return callType(node.args[0], node.args[1], look)
    case 'rcall':
      return methodType(node, look)
    case 'list':
      return listOf(node.args.length === 0 ? ANY : unionOf(node.args.map((item) => withoutAbsent(typeOf(item, look)))))
    case 'map':
      return mapType(node.args, look)
    case '?:':
      needYesNo(node.args[0], look)
      return unionOf([typeOf(node.args[1], behind(look, node.args[0], true)), typeOf(node.args[2], behind(look, node.args[0], false))])
    case '||':
    case '&&':
      needYesNo(node.args[0], look)
      needYesNo(node.args[1], behind(look, node.args[0], node.op === '&&'))
      return YES_NO
    case '!_':
      needYesNo(node.args, look)
      return YES_NO
    case '-_':
      needKind(node.args, look, 'number', 'A minus sign needs a number')
      return NUMBER
    default:
      return binaryType(node, look)
  }
}

/** What is looked at only when the condition came out so: `has(x) && x > 1` asks nothing of an absent x. */
const behind = (look: Look, condition: ASTNode, isTrue: boolean): Look => ({
  ...look,
  names: { ...look.names, outer: withPresent(look.names.outer, presentIn(condition, isTrue)) },
})

const isOptionalAccess = (node: ASTNode): boolean =>
  node.op === '.?' || node.op === '[?]' || ((node.op === '.' || node.op === '[]') && isOptionalAccess(node.args[0]))

function access(node: ASTNode, look: Look): ValueType {
  if (node.op === 'id') {
    const name = outerName(node.args)
    const known = isOuterName(node.args) ? look.names.outer.get(name) : look.names.bound.get(node.args)
    if (known) return known
    const { message, hint, suggestion } = look.explain(name)
    look.notes.push({
      severity: 'error',
      code: 'formula.unknown_name',
      message,
      hint,
      start: node.start,
      end: node.end,
      ...(suggestion === undefined ? {} : { replacement: suggestion }),
    })
    return ANY
  }
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return typeOf(node, look)
  const left = access(node.args[0], look)
  const index = node.args[1]
  const key = typeof index === 'string' ? index : constantKey(index)
  if (key === undefined) {
    if (typeof index !== 'string') typeOf(index, look)
    return unionOf([...alternatives(withoutEmpty(left)).map((part) => (part.kind === 'list' ? part.items : ANY)), ABSENT])
  }
  const member = memberType(left, key)
  if (!member.missing) return member.type
  const { message, hint, suggestion } = member.missing
  const start = node.op === '.' || node.op === '.?' ? node.end - String(key).length : node.start
  look.notes.push({
    severity: 'error',
    code: 'formula.unknown_member',
    message,
    hint,
    start,
    end: node.end,
    ...(suggestion === undefined || node.op === '[]' || node.op === '[?]' ? {} : { replacement: suggestion }),
  })
  return ANY
}

function constantKey(node: ASTNode): string | number | undefined {
  if (node.op !== 'value') return undefined
  if (typeof node.args === 'bigint') return Number(node.args)
  return typeof node.args === 'string' || typeof node.args === 'number' ? node.args : undefined
}

function needKind(node: ASTNode, look: Look, kind: 'number' | 'yes-no', words: string): void {
  const type = typeOf(node, look)
  const kinds = kindsOf(type)
  const isNull = alternatives(type).every((part) => part.kind === 'null')
  if ((kinds.size > 0 && !kinds.has(kind)) || isNull)
    note(
      look,
      node,
      'error',
      kind === 'number' ? 'formula.wrong_type' : 'formula.not_yes_no',
      `${words}, but "${sourceOf(look, node)}" is ${typeWords(type)}.`,
      kind === 'number' ? 'Convert it: number(…).' : 'Compare it, for example … != "" or … > 0.',
    )
  else if (alternatives(type).some((part) => part.kind === 'null'))
    note(
      look,
      node,
      'warning',
      'formula.may_be_empty',
      `"${sourceOf(look, node)}" may be empty; then the formula fails.`,
      `Give another value for that case: fallback(…, ${kind === 'number' ? '0' : 'false'}).`,
    )
}

const needYesNo = (node: ASTNode, look: Look): void => needKind(node, look, 'yes-no', 'Yes or no (true or false) is needed')

function binaryType(node: ASTNode, look: Look): ValueType {
  if (!('args' in node) || !Array.isArray(node.args)) return ANY
  const [leftNode, rightNode]: readonly unknown[] = node.args
  if (!isNode(leftNode) || !isNode(rightNode)) return ANY
  const [left, right] = [typeOf(leftNode, look), typeOf(rightNode, look)]
  const [leftKinds, rightKinds] = [kindsOf(left), kindsOf(right)]
  const unknown = leftKinds.size === 0 || rightKinds.size === 0
  if (node.op === '==' || node.op === '!=') {
    const bothEmpty = mayBeEmpty(left) && mayBeEmpty(right)
    const isNull = [left, right].some((type) => alternatives(type).every((part) => part.kind === 'null'))
    if (!unknown && !bothEmpty && !isNull && ![...leftKinds].some((kind) => rightKinds.has(kind)))
      note(
        look,
        node,
        'warning',
        'formula.never_equal',
        `${typeWords(left)} and ${typeWords(right)} are never equal.`,
        'Convert one of them: number(text) or text(number).',
      )
    return YES_NO
  }
  if (node.op === 'in') {
    if (rightKinds.size > 0 && !rightKinds.has('list') && !rightKinds.has('object'))
      note(
        look,
        rightNode,
        'error',
        'formula.wrong_type',
        `After "in" stands a list, but "${sourceOf(look, rightNode)}" is ${typeWords(right)}.`,
        'For a part of a text use contains(text, part).',
      )
    return YES_NO
  }
  for (const [side, type] of [
    [leftNode, left],
    [rightNode, right],
  ] as const)
    if (alternatives(type).some((part) => part.kind === 'null'))
      note(
        look,
        side,
        'warning',
        'formula.may_be_empty',
        `"${sourceOf(look, side)}" may be empty; then the formula fails.`,
        `Give another value for that case: fallback(${sourceOf(look, side)}, …).`,
      )
  const fitting = combinationsOf(node.op, leftKinds, rightKinds)
  if (fitting.length === 0) {
    note(
      look,
      node,
      'error',
      'formula.wrong_type',
      `"${node.op}" does not work between ${typeWords(left)} and ${typeWords(right)}.`,
      'Convert one of them: number(text) or text(value).',
    )
    return isArithmetic(node.op) ? ANY : YES_NO
  }
  if (node.op === '+' && fitting.every(([a, b]) => a !== b) && [leftNode, rightNode].every((side) => side.op !== 'value'))
    note(
      look,
      node,
      'warning',
      'formula.joins_text',
      'A text and a number are joined to a text here, not added.',
      'To add, convert the text: number(…).',
    )
  return unionOf(fitting.map(([, , result]) => (result === 'left' ? withoutEmpty(left) : result)))
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value

function mapType(entries: readonly (readonly [ASTNode, ASTNode])[], look: Look): ValueType {
  const members = new Map<string, Member>()
  let open = false
  for (const [key, value] of entries) {
    const type = typeOf(value, look)
    if (key.op === 'value' && typeof key.args === 'string') members.set(key.args, { type: withoutAbsent(type), optional: false })
    else open = true
  }
  return { kind: 'object', members, ...(open ? { rest: ANY } : {}) }
}

function methodType(node: ASTNode & { op: 'rcall' }, look: Look): ValueType {
  const [name, receiver, values] = node.args
  switch (name) {
    case 'orValue': {
      const [other] = values
      return unionOf([withoutAbsent(typeOf(receiver, { ...look, checked: true })), other ? typeOf(other, look) : ANY])
    }
    case 'or':
    case 'value':
      return typeOf(receiver, { ...look, checked: true })
    case 'hasValue':
      typeOf(receiver, { ...look, checked: true })
      return YES_NO
    default:
      return LIST_MACROS.has(name) ? listMacroType(name, receiver, values, look) : callType(name, [receiver, ...values], look)
  }
}

function listMacroType(name: string, receiver: ASTNode, values: readonly ASTNode[], look: Look): ValueType {
  const list = typeOf(receiver, look)
  const kinds = kindsOf(list)
  if (kinds.size > 0 && !kinds.has('list'))
    note(
      look,
      receiver,
      'error',
      'formula.wrong_type',
      `${name}(…) needs a list before the dot, but "${sourceOf(look, receiver)}" is ${typeWords(list)}.`,
      'Choose a list, or for an object use keys(…) or values(…).',
    )
  else if (mayBeEmpty(list) && !mayBeAbsent(list))
    note(
      look,
      receiver,
      'warning',
      'formula.may_be_empty',
      `"${sourceOf(look, receiver)}" may be empty; then the formula fails.`,
      'Give another value for that case: fallback(list, []).',
    )
  const item = unionOf(alternatives(withoutEmpty(list)).map((part) => (part.kind === 'list' ? part.items : ANY)))
  const [binder, ...bodies] = values
  const bound = new Map(look.names.bound)
  if (binder?.op === 'id') bound.set(binder.args, item)
  const inner: Look = { ...look, names: { ...look.names, bound } }
  const last = bodies.at(-1)
  if (name !== 'map' || bodies.length > 1) {
    const [condition] = bodies
    if (condition) needYesNo(condition, inner)
  }
  if (name === 'map') return listOf(last ? withoutAbsent(typeOf(last, inner)) : ANY)
  return name === 'filter' ? listOf(item) : YES_NO
}

/** Functions that say themselves what they do with an empty value. */
const TAKES_EMPTY: ReadonlySet<string> = new Set(['text', 'string', 'toJson'])

function callType(inner: string, values: readonly ASTNode[], look: Look): ValueType {
  const name = outerName(inner)
  const [first, ...others] = values
  if (name === 'dyn') return first ? typeOf(first, look) : ANY
  const tolerant = name === 'fallback' || name === 'isEmpty' || name === 'has'
  const type = first ? typeOf(first, tolerant ? { ...look, checked: true } : look) : ANY
  const rest = others.map((other) => typeOf(other, look))
  if (name === 'fallback')
    return unionOf([
      alternatives(type).every((part) => part.kind === 'null' || part.kind === 'absent') ? NULL : withoutEmpty(type),
      ...rest,
    ])
  const entry = FUNCTION_BY_NAME.get(name)
  if (!entry || tolerant) return entry ? YES_NO : ANY
  if (first && !TAKES_EMPTY.has(name) && alternatives(type).some((part) => part.kind === 'null'))
    note(
      look,
      first,
      'warning',
      'formula.may_be_empty',
      `"${sourceOf(look, first)}" may be empty; then ${name}(…) fails.`,
      `Give another value for that case: fallback(${sourceOf(look, first)}, …).`,
    )
  switch (entry.result) {
    case 'text':
      return TEXT
    case 'number':
      return NUMBER
    case 'yes-no':
      return YES_NO
    case 'texts':
      return listOf(TEXT)
    case 'list':
      return listOf(ANY)
    case 'same':
      return withoutEmpty(type)
    case 'item':
      return unionOf([...alternatives(withoutEmpty(type)).map((part) => (part.kind === 'list' ? part.items : ANY)), NULL])
    case 'object':
    case 'any':
      return ANY
    default:
      return entry.result satisfies never
  }
}
