import { BoundedMap, type Fault, type Json, userFault } from '@couplet/core'
import { type ASTNode, Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js'
import { formulaFault } from './formula-faults.ts'
import { FORMULA_FUNCTIONS, FUNCTION_BY_NAME, LIST_MACROS } from './formula-functions.ts'
import { registerMacros } from './formula-macros.ts'
import { argumentsOf, boundedText, chargeWork, isList, plainText, resetWork, toJsonValue } from './formula-values.ts'
import { nearest } from './nearest.ts'

/**
 * Formulas are CEL, parsed as data. What differs from plain CEL, so that a person who does not code is not surprised:
 * - there is one kind of number. Whole-number literals become doubles after parsing (positions in [] excepted), so
 *   `7 / 2` is 3.5, `size(list) == 3` and `trigger.count + 1` work, and int/double mismatches cannot occur;
 * - `+` joins a text and a number to a text;
 * - only the functions in FORMULA_FUNCTIONS exist (`matches` runs an unbounded regular expression and is refused);
 * - outer names are looked up as own members of the scope only, so neither `toString` nor CEL's type names are reachable.
 * Evaluation is deterministic: same text and scope, same answer.
 */
const AST_NODES_MAX = 300
const MACRO_DEPTH_MAX = 2
/**
 * Inner names of functions and variables, so that they meet neither the library's functions nor its constants (`list`, `map`).
 * "$" cannot be written in a formula, so no name that a macro binds can meet an outer one.
 */
const FUNCTION_PREFIX = 'f_'
const NAME_PREFIX = '$'
/** Written after a dot and kept from the library: they are about `.?` and hold no loop. */
const OPTIONAL_METHODS: ReadonlySet<string> = new Set(['orValue', 'or', 'hasValue', 'value'])

/** One outer path a formula reads: `find.tags[0].name`, as far as its parts are written out. `checked` = inside fallback, isEmpty, has or after `.?`. */
type FormulaPath = { path: (string | number)[]; start: number; end: number; checked: boolean }

export type CompiledFormula = {
  readonly text: string
  /** Outer names the formula reads. */
  readonly names: readonly string[]
  /** Outer paths the formula reads, with their places in the text. */
  readonly paths: readonly FormulaPath[]
  /** The parsed formula, for the type check. Names and functions carry inner prefixes: read them with `outerName`. */
  readonly ast: ASTNode
  readonly run: ParseResult
}

export const outerName = (inner: string): string =>
  inner.startsWith(NAME_PREFIX)
    ? inner.slice(NAME_PREFIX.length)
    : inner.startsWith(FUNCTION_PREFIX)
      ? inner.slice(FUNCTION_PREFIX.length)
      : inner
/** True for a name that comes from the scope, false for one that a macro binds. */
export const isOuterName = (inner: string): boolean => inner.startsWith(NAME_PREFIX)

function makeEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: AST_NODES_MAX, maxDepth: 40, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 16 },
  })
  registerMacros(environment)
  environment
    .registerOperator('double % double', (left: number, right: number) => left % right)
    .registerOperator('string + double: string', (left: string, right: number) => boundedText(left + plainText(right)))
    .registerOperator('double + string: string', (left: number, right: string) => boundedText(plainText(left) + right))
  for (const entry of FORMULA_FUNCTIONS) {
    const { call } = entry
    if (!call) continue
    const handler = (...values: unknown[]): Json => {
      const given = values.map((value) => toArgument(value))
      chargeWork(given.reduce<number>((work, value) => work + sizeOf(value), 1))
      return call(argumentsOf(entry.name, given))
    }
    const receiverHandler = (...values: unknown[]): Json => handler(...values)
    for (let count = entry.values.min; count <= entry.values.max; count++) {
      const types = Array.from({ length: count }, () => 'dyn')
      const result = CEL_RESULTS[entry.result] ?? 'dyn'
      environment.registerFunction(`${FUNCTION_PREFIX}${entry.name}(${types.join(', ')}): ${result}`, handler, { async: false })
      environment.registerFunction(`dyn.${FUNCTION_PREFIX}${entry.name}(${types.slice(1).join(', ')}): ${result}`, receiverHandler, {
        async: false,
      })
    }
  }
  return environment
}

const CEL_RESULTS: Record<string, string> = { text: 'string', number: 'double', 'yes-no': 'bool' }
const sizeOf = (value: Json): number => (typeof value === 'string' ? value.length / 64 : isList(value) ? value.length : 1)

/** Lists and objects are passed on as they are: functions only read them, and what they give is checked at the edge. */
const isPlain = (value: unknown): value is Json =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  value === null ||
  (Array.isArray(value) && !value.some((item) => item instanceof Map)) ||
  (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
const toArgument = (value: unknown): Json => (isPlain(value) ? value : toJsonValue(value))

const environment = makeEnvironment()

type Walk = { names: Set<string>; paths: FormulaPath[] }
type Scope = { bound: ReadonlySet<string>; macroDepth: number; checked: boolean }

/** Sets a member of a parsed node; the library's types call it read-only, its macros set members in the same way. */
const put = (node: ASTNode, args: unknown): void => void Object.assign(node, { args })

const faultAt = (node: ASTNode, code: string, message: string, hint: string): Fault =>
  userFault({ code, message, hint, place: `formula, character ${node.start + 1}` })

function knownFunction(node: ASTNode, name: string, count: number): void {
  if (name === 'matches')
    throw faultAt(
      node,
      'formula.function_refused',
      'matches(…) is not available: some patterns would make it run for hours.',
      'Use regex(text, pattern).',
    )
  const entry = FUNCTION_BY_NAME.get(name)
  if (!entry) {
    const near = nearest(name, FUNCTION_BY_NAME.keys())
    throw faultAt(
      node,
      'formula.unknown_function',
      `There is no function "${name}".`,
      near ? `Did you mean ${near}(…)?` : 'The list of functions is in the data pane under Functions.',
    )
  }
  if (count < entry.values.min || count > entry.values.max)
    throw faultAt(
      node,
      'formula.wrong_count',
      `${name}(…) is given ${count} ${count === 1 ? 'value' : 'values'}.`,
      `It is written ${entry.signature}.`,
    )
}

/** The constant path below an outer name: `[names]` or undefined when the node is something else. */
function constantPath(node: ASTNode): { root: ASTNode; path: (string | number)[]; checked: boolean; rest: ASTNode[] } | undefined {
  switch (node.op) {
    case 'id':
      return { root: node, path: [node.args], checked: false, rest: [] }
    case '.':
    case '.?': {
      const inner = constantPath(node.args[0])
      return (
        inner && {
          ...inner,
          path: inner.rest.length > 0 ? inner.path : [...inner.path, node.args[1]],
          checked: inner.checked || node.op === '.?',
        }
      )
    }
    case '[]':
    case '[?]': {
      const inner = constantPath(node.args[0])
      if (!inner) return undefined
      const index = node.args[1]
      const key = index.op === 'value' && (typeof index.args === 'string' || typeof index.args === 'bigint') ? index.args : undefined
      const checked = inner.checked || node.op === '[?]'
      if (key === undefined || inner.rest.length > 0) return { ...inner, rest: [...inner.rest, index], checked }
      return { ...inner, path: [...inner.path, typeof key === 'bigint' ? Number(key) : key], checked }
    }
    default:
      return undefined
  }
}

/** Names the text's parts for what follows: collects outer names and paths, gives them inner names, bounds the formula. */
function prepare(node: ASTNode, walk: Walk, scope: Scope): void {
  const each = (nodes: readonly ASTNode[], inner: Scope = scope) => {
    for (const child of nodes) prepare(child, walk, inner)
  }
  switch (node.op) {
    case 'value':
      if (typeof node.args === 'bigint') put(node, Number(node.args))
      else if (typeof node.args === 'object' && node.args !== null)
        throw faultAt(node, 'formula.syntax', 'Bytes and unsigned numbers are not available.', 'Write texts as "…" and numbers as 12.')
      return
    case 'id':
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return prepareAccess(node, walk, scope)
    case 'call':
    case 'rcall':
      return prepareCall(node, walk, scope)
    case 'list':
      return each(node.args)
    case 'map':
      return each(node.args.flat())
    case '!_':
    case '-_':
      return each([node.args])
    default:
      return each(node.args)
  }
}

function prepareAccess(node: ASTNode, walk: Walk, scope: Scope): void {
  const found = constantPath(node)
  if (found?.root.op === 'id' && !scope.bound.has(found.root.args)) {
    walk.names.add(found.root.args)
    walk.paths.push({ path: found.path, start: found.root.start, end: found.root.end, checked: scope.checked || found.checked })
  }
  prepareParts(node, walk, scope)
}

/** Inner nodes of an access: the outer name gets its prefix, positions stay whole numbers, other indexes are formulas. */
function prepareParts(node: ASTNode, walk: Walk, scope: Scope): void {
  if (node.op === 'id') {
    if (!scope.bound.has(node.args)) put(node, `${NAME_PREFIX}${node.args}`)
    return
  }
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return prepare(node, walk, scope)
  prepareParts(node.args[0], walk, scope)
  const index = node.args[1]
  if (typeof index !== 'string' && !(index.op === 'value' && typeof index.args === 'bigint')) prepare(index, walk, scope)
}

function prepareCall(node: ASTNode & { op: 'call' | 'rcall' }, walk: Walk, scope: Scope): void {
  const name = node.args[0]
  const receiver = node.op === 'rcall' ? node.args[1] : undefined
  const values = node.op === 'rcall' ? node.args[2] : node.args[1]
  if (receiver && OPTIONAL_METHODS.has(name)) {
    prepare(receiver, walk, scope)
    for (const value of values) prepare(value, walk, scope)
    return
  }
  knownFunction(node, name, values.length + (receiver ? 1 : 0))
  if (receiver && LIST_MACROS.has(name)) return prepareListMacro(node, receiver, values, walk, scope)
  const isMacro = FUNCTION_BY_NAME.get(name)?.call === undefined
  if (isMacro && (receiver || LIST_MACROS.has(name)))
    throw faultAt(
      node,
      'formula.syntax',
      `${name}(…) is written differently.`,
      `Write it like ${FUNCTION_BY_NAME.get(name)?.signature ?? name}.`,
    )
  if (receiver) prepare(receiver, walk, scope)
  const [value, ...others] = values
  if (value) prepare(value, walk, isMacro ? { ...scope, checked: true } : scope)
  for (const other of others) prepare(other, walk, scope)
  if (!isMacro) put(node, [`${FUNCTION_PREFIX}${name}`, ...node.args.slice(1)])
}

function prepareListMacro(node: ASTNode, receiver: ASTNode, values: readonly ASTNode[], walk: Walk, scope: Scope): void {
  const [binder, ...bodies] = values
  prepare(receiver, walk, scope)
  if (scope.macroDepth >= MACRO_DEPTH_MAX)
    throw faultAt(
      node,
      'formula.nested_too_deep',
      'Lists inside lists inside lists: map, filter, all and exists may be nested two deep.',
      'Prepare the inner list in an earlier step.',
    )
  const bound = new Set(scope.bound)
  if (binder?.op === 'id') bound.add(binder.args)
  for (const body of bodies) prepare(body, walk, { ...scope, bound, macroDepth: scope.macroDepth + 1 })
}

/**
 * The library's own check, which binds operators to their implementations. CEL wants both answers of `c ? a : b` to be of one
 * type and positions in written lists to be whole numbers; a flow may want a text or nothing, and positions are worked out, so
 * such parts are marked as of any type and the check goes on.
 */
function checkTypes(run: ParseResult): void {
  for (let round = 0; round <= AST_NODES_MAX; round++) {
    const { valid, error } = run.check()
    if (valid || !error) return
    const node = error.node
    if (error.code === 'incompatible_ternary_branches' && node && isTernary(node)) {
      const [condition, yes, no] = node.args
      put(node, [condition, anyTyped(yes), anyTyped(no)])
    } else if (error.code === 'invalid_index_type' && node && isIndex(node)) put(node, [anyTyped(node.args[0]), node.args[1]])
    else throw error
  }
}

const isTernary = (node: object): node is ASTNode & { op: '?:' } => 'op' in node && node.op === '?:'

const isIndex = (node: object): node is ASTNode & { op: '[]' } => 'op' in node && node.op === '[]'

function anyTyped(node: ASTNode): ASTNode {
  const wrapper = environment.parse('dyn(null)').ast
  put(wrapper, ['dyn', [node]])
  return wrapper
}

const cache = new BoundedMap<string, CompiledFormula | Fault>(2_000)

/**
 * Reads a formula once; the result is kept. Throws a user fault with code `formula.*`, a hint and the place when it cannot be
 * read, calls an unknown function or is too large.
 */
export function compileFormula(text: string): CompiledFormula {
  const known = cache.get(text)
  if (known !== undefined) {
    if ('run' in known) return known
    throw known
  }
  try {
    if (text.length > 2_000)
      throw userFault({
        code: 'formula.too_large',
        message: 'The formula is longer than 2,000 characters.',
        hint: 'Split it over two steps.',
      })
    if (text.trim() === '')
      throw userFault({ code: 'formula.syntax', message: 'The formula is empty.', hint: 'Write a value, for example trigger.name.' })
    const run = environment.parse(text)
    const walk: Walk = { names: new Set(), paths: [] }
    prepare(run.ast, walk, { bound: new Set(), macroDepth: 0, checked: false })
    checkTypes(run)
    const made: CompiledFormula = { text, names: [...walk.names], paths: walk.paths, ast: run.ast, run }
    cache.set(text, made)
    return made
  } catch (thrown) {
    const fault = formulaFault(thrown, text)
    cache.set(text, fault)
    throw fault
  }
}

function evaluated(compiled: CompiledFormula, scope: { readonly [name: string]: unknown }): unknown {
  const run = (value: (name: string) => unknown) => {
    resetWork()
    const values = new Map<string, unknown>()
    for (const name of compiled.names)
      if (Object.hasOwn(scope, name) && scope[name] !== undefined) values.set(`${NAME_PREFIX}${name}`, value(name))
    return compiled.run(values)
  }
  try {
    return run((name) => scope[name])
  } catch (thrown) {
    // The library tells kinds of objects by `.constructor`, which data may have as a member of its own. Maps have no such
    // ambiguity; they are slower, so they are used only for data that needs them.
    if (!(thrown instanceof EvaluationError) || thrown.code !== 'unsupported_type') throw thrown
    return run((name) => withoutConstructors(scope[name]))
  }
}

function withoutConstructors(value: unknown, depth = 0): unknown {
  if (depth > 60 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => withoutConstructors(item, depth + 1))
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [key, withoutConstructors(member, depth + 1)])
  return Object.hasOwn(value, 'constructor') ? new Map(members) : Object.fromEntries(members)
}

/**
 * Works a formula out. `scope`: trigger, run, connections, outcomes and the outputs of earlier steps by id; only own members
 * are seen. The answer is plain JSON. Throws nothing but a user fault with a code of the family `formula.*`.
 */
export function evaluateFormula(formula: CompiledFormula | string, scope: { readonly [name: string]: unknown }): Json {
  const compiled = typeof formula === 'string' ? compileFormula(formula) : formula
  try {
    return toJsonValue(evaluated(compiled, scope))
  } catch (thrown) {
    throw formulaFault(thrown, compiled.text)
  }
}

/** As `evaluateFormula`, for conditions: anything but true or false is a fault. */
export function evaluateCondition(formula: CompiledFormula | string, scope: { readonly [name: string]: unknown }): boolean {
  const answer = evaluateFormula(formula, scope)
  if (typeof answer === 'boolean') return answer
  throw userFault({
    code: 'formula.not_yes_no',
    message: 'The condition must give yes or no (true or false), but gives something else.',
    hint: 'Compare the value, for example trigger.name != "" or trigger.count > 0.',
    place: 'formula',
  })
}
