import { isJsonObject, userFault } from '@couplet/core'
import type { ASTNode, Environment, OverlayContext, RootContext, TypeDeclaration } from '@marcbachmann/cel-js'
import { isAbsent } from './formula-faults.ts'
import { chargeWork, isList, kindWord, MACRO_ITEMS_MAX, tooLong } from './formula-values.ts'

/**
 * Our own macros. `map`, `filter`, `all`, `exists` and `exists_one` replace the library's, because those visit lists of any
 * length; ours bound the list and count every visit. The library finds a macro by its name and number of values and takes the
 * last one registered, whatever the receiver type: the receiver type `string` below only keeps it from being refused as a
 * duplicate of the built-in one.
 */
type Context = RootContext | OverlayContext
type Checker = { check(ast: ASTNode, context: Context): TypeDeclaration; getType(name: string): TypeDeclaration }
type Evaluator = { run(ast: ASTNode, context: Context): unknown }
type MacroCall = { args: ASTNode[]; receiver: ASTNode | null }
type Work = (position: number, item: unknown) => unknown

function itemsOf(name: string, value: unknown): readonly unknown[] {
  if (!isList(value))
    throw userFault({
      code: 'formula.wrong_value',
      message: `${name}(…) needs a list before the dot, but got ${kindWord(value)}.`,
      hint: 'For a list that may be absent: fallback(list, []). For an object: keys(object) or values(object).',
    })
  if (value.length > MACRO_ITEMS_MAX) throw tooLong(`${name}(…)`, value.length, MACRO_ITEMS_MAX)
  return value
}

function listMacro(
  name: string,
  work: (items: readonly unknown[], run: Work, test: (position: number, item: unknown) => boolean) => unknown,
) {
  return ({ args, receiver }: MacroCall) => {
    const [binder, ...bodies] = args
    const variable = binder?.op === 'id' ? binder.args : undefined
    if (variable === undefined || receiver === null)
      throw userFault({
        code: 'formula.syntax',
        message: `${name}(…) needs a name for the item as its first value.`,
        hint: `Write it like list.${name}(item, …item.name…).`,
      })
    let anyType: TypeDeclaration | undefined
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: Context) {
        anyType = checker.getType('dyn')
        checker.check(receiver, context)
        const inner = context.forkWithVariable(variable, anyType)
        for (const body of bodies) checker.check(body, inner)
        return name === 'map' || name === 'filter' ? anyType : checker.getType('bool')
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
        const items = itemsOf(name, evaluator.run(receiver, context))
        if (!anyType) return undefined
        const inner = context.forkWithVariable(variable, anyType)
        const run: Work = (position, item) => {
          chargeWork(1)
          const body = bodies[position]
          return body && evaluator.run(body, inner.setIterValue(item, evaluator))
        }
        const test = (position: number, item: unknown): boolean => {
          const met = run(position, item)
          if (typeof met === 'boolean') return met
          throw userFault({
            code: 'formula.not_yes_no',
            message: `The condition in ${name}(…) must give yes or no, but gives ${kindWord(met)}.`,
            hint: 'Compare the value, for example item.active == true or item.name != "".',
          })
        }
        return work(items, run, test)
      },
    }
  }
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

/** A macro that looks at one value which may be absent, instead of failing on it. */
function absenceMacro(result: 'bool' | 'dyn', decide: (value: unknown, other: () => unknown) => unknown) {
  return ({ args }: MacroCall) => {
    const [value, other] = args
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: Context) {
        for (const part of args) checker.check(part, context)
        return checker.getType(result)
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
        let found: unknown
        try {
          found = value && evaluator.run(value, context)
        } catch (error) {
          if (!isAbsent(error)) throw error
        }
        return decide(found, () => other && evaluator.run(other, context))
      },
    }
  }
}

const isEmpty = (value: unknown): boolean =>
  isNothing(value) ||
  value === '' ||
  (isList(value)
    ? value.length === 0
    : isJsonObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0)

export function registerMacros(environment: Environment): void {
  environment
    .registerFunction(
      'string.map(ast, ast): dyn',
      listMacro('map', (items, run) => items.map((item) => run(0, item))),
    )
    .registerFunction(
      'string.map(ast, ast, ast): dyn',
      listMacro('map', (items, run, test) => items.filter((item) => test(0, item)).map((item) => run(1, item))),
    )
    .registerFunction(
      'string.filter(ast, ast): dyn',
      listMacro('filter', (items, _run, test) => items.filter((item) => test(0, item))),
    )
    .registerFunction(
      'string.all(ast, ast): bool',
      listMacro('all', (items, _run, test) => items.every((item) => test(0, item))),
    )
    .registerFunction(
      'string.exists(ast, ast): bool',
      listMacro('exists', (items, _run, test) => items.some((item) => test(0, item))),
    )
    .registerFunction(
      'string.exists_one(ast, ast): bool',
      listMacro('exists_one', (items, _run, test) => items.filter((item) => test(0, item)).length === 1),
    )
    .registerFunction(
      'fallback(ast, ast): dyn',
      absenceMacro('dyn', (value, other) => (isNothing(value) ? other() : value)),
    )
    .registerFunction('isEmpty(ast): bool', absenceMacro('bool', isEmpty))
}
