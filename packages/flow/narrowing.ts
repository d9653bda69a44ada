import type { ASTNode } from '@marcbachmann/cel-js'
import { Fault } from '@couplet/core'
import { compileFormula, isOuterName, outerName } from './formula.ts'
import type { DataPath } from './place.ts'
import type { StaticScope } from './static-scope.ts'
import { alternatives, unionOf, type ValueType, withoutEmpty } from './value-type.ts'

/*
 * What a condition says of the steps behind it: after `has(customer.email)` the e-mail is there. Only what follows for sure is taken; a
 * condition that is not understood says nothing.
 */

/** Paths that certainly have a value when the condition came out as `isTrue`. */
export function presentAfter(condition: string, isTrue: boolean): DataPath[] {
  try {
    return presentIn(compileFormula(condition).ast, isTrue)
  } catch (thrown) {
    // What is wrong with it is told where it stands.
    if (thrown instanceof Fault) return []
    throw thrown
  }
}

/** The same for a parsed condition. */
export function presentIn(node: ASTNode, isTrue: boolean): DataPath[] {
  switch (node.op) {
    case '!_':
      return presentIn(node.args, !isTrue)
    case '&&':
      return isTrue ? node.args.flatMap((part) => presentIn(part, true)) : []
    case '||':
      return isTrue ? [] : node.args.flatMap((part) => presentIn(part, false))
    case 'call':
      return isTrue && node.args[0] === 'has' ? node.args[1].flatMap(asPaths) : []
    case '!=':
    case '==': {
      const [left, right] = node.args
      // Different from nothing, or equal to something.
      const isPresent = (other: ASTNode) =>
        isEmptyConstant(other) ? isTrue === (node.op === '!=') : isFullConstant(other) && isTrue === (node.op === '==')
      return [...(isPresent(right) ? asPaths(left) : []), ...(isPresent(left) ? asPaths(right) : [])]
    }
    default:
      return []
  }
}

const isEmptyConstant = (node: ASTNode): boolean => node.op === 'value' && (node.args === null || node.args === '')
const isFullConstant = (node: ASTNode): boolean => node.op === 'value' && node.args !== null && node.args !== ''

/** `a.b["c"]` as a path; nothing for anything that is not one. */
function asPaths(node: ASTNode): DataPath[] {
  const path: (string | number)[] = []
  let at = node
  while (at.op === '.' || at.op === '.?' || at.op === '[]' || at.op === '[?]') {
    const key: unknown = at.args[1]
    if (typeof key === 'string') path.unshift(key)
    else {
      const constant = at.op === '[]' || at.op === '[?]' ? at.args[1] : undefined
      if (constant === undefined || constant.op !== 'value' || typeof constant.args !== 'string') return []
      path.unshift(constant.args)
    }
    at = at.args[0]
  }
  return at.op === 'id' && isOuterName(at.args) ? [[outerName(at.args), ...path]] : []
}

/** The scope with these paths certainly there. */
export function withPresent(scope: StaticScope, paths: readonly DataPath[]): StaticScope {
  if (paths.length === 0) return scope
  const narrowed = new Map(scope)
  for (const [root = '', ...rest] of paths) {
    const type = narrowed.get(String(root))
    if (type) narrowed.set(String(root), presentAt(type, rest))
  }
  return narrowed
}

function presentAt(type: ValueType, path: DataPath): ValueType {
  const there = withoutEmpty(type)
  const [key, ...rest] = path
  if (typeof key !== 'string') return there
  return unionOf(
    alternatives(there).map((part) => {
      if (part.kind !== 'object') return part
      const known = part.members.get(key)
      const member = known?.type ?? part.rest
      if (!member) return part
      return { ...part, members: new Map(part.members).set(key, { ...known, type: presentAt(member, rest), optional: false }) }
    }),
  )
}
