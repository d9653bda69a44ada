import { Fault } from '@couplet/core'
import type { Mapping, Pill, Step } from './definition.ts'
import { compileFormula } from './formula.ts'

/** Rewrites what refers to a step when its id changes: the root of pills, names in formulas, `outcomes.<id>`. */

const isOutcome = (path: readonly (string | number)[], from: string): boolean => path[0] === 'outcomes' && path[1] === from

function renameInPill(pill: Pill, from: string, to: string): Pill {
  const [root, ...rest] = pill.path
  if (root === from) return { ...pill, path: [to, ...rest] }
  return isOutcome(pill.path, from) ? { ...pill, path: [root, to, ...rest.slice(1)] } : pill
}

/** A formula that cannot be read is left as it is: it has an error of its own already. */
function renameInFormula(text: string, from: string, to: string): string {
  try {
    const spans = new Map<number, number>()
    for (const { path, start, end } of compileFormula(text).paths) {
      if (path[0] === from) spans.set(start, end)
      else if (isOutcome(path, from)) {
        const rest = text.slice(end)
        const member = /^\s*\.\s*\??\s*/.exec(rest) ?? /^\s*\[\s*\??\s*["']/.exec(rest)
        if (member && rest.startsWith(from, member[0].length)) spans.set(end + member[0].length, end + member[0].length + from.length)
      }
    }
    let renamed = text
    for (const [start, end] of [...spans].toSorted(([a], [b]) => b - a)) renamed = `${renamed.slice(0, start)}${to}${renamed.slice(end)}`
    return renamed
  } catch (thrown) {
    if (thrown instanceof Fault) return text
    throw thrown
  }
}

function renameInMapping(mapping: Mapping, from: string, to: string): Mapping {
  switch (mapping.kind) {
    case 'value':
      return mapping
    case 'pill':
      return renameInPill(mapping, from, to)
    case 'text':
      return { ...mapping, parts: mapping.parts.map((part) => (typeof part === 'string' ? part : renameInPill(part, from, to))) }
    case 'formula':
      return { ...mapping, formula: renameInFormula(mapping.formula, from, to) }
    case 'list':
      return { ...mapping, items: mapping.items.map((item) => renameInMapping(item, from, to)) }
    case 'object':
      return { ...mapping, fields: renameInFields(mapping.fields, from, to) }
    default:
      return mapping satisfies never
  }
}

const renameInFields = (fields: Record<string, Mapping>, from: string, to: string): Record<string, Mapping> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, renameInMapping(field, from, to)]))

/** One step without the steps inside it; its own id too when it is the one renamed. */
export function renameInStep(step: Step, from: string, to: string): Step {
  const id = step.id === from ? to : step.id
  const rename = (mapping: Mapping) => renameInMapping(mapping, from, to)
  switch (step.kind) {
    case 'action':
      return {
        ...step,
        id,
        input: renameInFields(step.input, from, to),
        ...(step.connectionWhere ? { connectionWhere: renameInFields(step.connectionWhere, from, to) } : {}),
      }
    case 'branch':
      return { ...step, id, branches: step.branches.map((branch) => ({ ...branch, when: renameInFormula(branch.when, from, to) })) }
    case 'for-each':
      return { ...step, id, items: rename(step.items), ...(step.collect ? { collect: rename(step.collect) } : {}) }
    case 'wait':
      if (step.wait.kind === 'until') return { ...step, id, wait: { ...step.wait, at: rename(step.wait.at) } }
      return step.wait.kind === 'approval' ? { ...step, id, wait: { ...step.wait, question: rename(step.wait.question) } } : { ...step, id }
    case 'stop':
      return { ...step, id, ...(step.reason ? { reason: rename(step.reason) } : {}) }
    default:
      return step satisfies never
  }
}
