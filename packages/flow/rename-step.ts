import { Fault } from '@couplet/core'
import type { Mapping, Pill, Step } from './definition.ts'
import { compileFormula } from './formula.ts'

/** Rewrites what refers to a step when its id changes: the root of pills, names in formulas, `outcomes.<id>`, `run.resumeUrls.<id>`. */

/** Objects whose members are named after steps. */
const NAMED_AFTER_STEPS = [['outcomes'], ['run', 'resumeUrls']] as const

/** At which part of a path the step is named, when its member of such an object is meant. */
function placeOfName(path: readonly (string | number)[], from: string): number | undefined {
  const owner = NAMED_AFTER_STEPS.find((names) => names.every((name, index) => path[index] === name) && path[names.length] === from)
  return owner?.length
}

/** How a member is asked for in a formula, up to its name. */
const ASKS = [/^\s*\.\s*\??\s*/, /^\s*\[\s*\??\s*["']/]
const AFTER_NAME = /^["']\s*\]/

/** Where the name of the last of these members begins, right of a place in the text; `undefined` when the text says something else. */
function placeOfMember(text: string, start: number, members: readonly string[]): number | undefined {
  let at = start
  for (const [index, member] of members.entries()) {
    if (index > 0) at += AFTER_NAME.exec(text.slice(at))?.[0].length ?? 0
    const rest = text.slice(at)
    const asked = ASKS.map((pattern) => pattern.exec(rest)).find((match) => match !== null)
    if (!asked || !rest.startsWith(member, asked[0].length)) return undefined
    at += asked[0].length + (index === members.length - 1 ? 0 : member.length)
  }
  return at
}

function renameInPill(pill: Pill, from: string, to: string): Pill {
  const [root, ...rest] = pill.path
  if (root === from) return { ...pill, path: [to, ...rest] }
  const at = placeOfName(pill.path, from)
  return at === undefined ? pill : { ...pill, path: [root, ...rest.with(at - 1, to)] }
}

/** A formula that cannot be read is left as it is: it has an error of its own already. */
function renameInFormula(text: string, from: string, to: string): string {
  try {
    const spans = new Map<number, number>()
    for (const { path, start, end } of compileFormula(text).paths) {
      if (path[0] === from) spans.set(start, end)
      else {
        const place = placeOfName(path, from)
        const member = place === undefined ? undefined : placeOfMember(text, end, path.slice(1, place + 1).map(String))
        if (member !== undefined) spans.set(member, member + from.length)
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
