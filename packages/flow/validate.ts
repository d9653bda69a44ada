import { Fault, isJsonObject } from '@couplet/core'
import { type Check, checkConnection, operationAt, type ValidationHelp } from './check-operation.ts'
import { checkCondition, checkFormula, checkInput, checkMapping, type CheckPlace, type Finding, typeOfMapping } from './check-types.ts'
import { type ActionStep, FlowDefinition, type Mapping, type Step } from './definition.ts'
import type { Edit } from './edits.ts'
import type { OperationLookup } from './operation-shape.ts'
import type { DataPath } from './place.ts'
import { type Problem, problemAt, type ProblemWords } from './problem.ts'
import { schemaProblems } from './schema-problems.ts'
import { scopesOf } from './static-scope.ts'
import { upgradeDefinition } from './upgrade.ts'
import { ANY, listOf, typeOfSchema } from './value-type.ts'
import { allSteps, innerLists, stepExpressions, type VisitedStep } from './walk.ts'

export const NESTING_MAX = 8
export const STEPS_MAX = 300
/** Deeper JSON than this cannot be a flow, and reading it would exhaust the stack. */
const JSON_DEPTH_MAX = 120

export type Validation = { definition?: FlowDefinition; problems: Problem[] }

/**
 * Everything that can be known about a flow before it runs. `definition` is there when the form is right, even if there are
 * errors in what it says; a flow can be published when no problem is an error. Never throws, whatever it is given.
 */
export function validateDefinition(source: unknown, lookup: OperationLookup, help: ValidationHelp = {}): Validation {
  if (depthAbove(source, JSON_DEPTH_MAX))
    return {
      problems: [
        problemAt({}, [], {
          severity: 'error',
          code: 'flow.too_deep',
          message: 'The file is nested too deeply to be a flow.',
          hint: `Steps may be nested ${NESTING_MAX} deep.`,
        }),
      ],
    }
  let upgraded: unknown
  try {
    upgraded = upgradeDefinition(source)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return { problems: [problemAt({}, ['format'], { severity: 'error', code: thrown.code, message: thrown.message, hint: thrown.hint })] }
  }
  const parsed = FlowDefinition.safeParse(upgraded)
  if (!parsed.success) {
    if (!isJsonObject(upgraded))
      return {
        problems: [
          problemAt({}, [], {
            severity: 'error',
            code: 'flow.not_an_object',
            message: 'A flow file holds one object { … }.',
            hint: 'Export a flow to see what one looks like.',
          }),
        ],
      }
    return { problems: schemaProblems(parsed.error, upgraded) }
  }
  return { definition: parsed.data, problems: checkFlow(parsed.data, lookup, help) }
}

function depthAbove(value: unknown, max: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > max) return true
    level = level
      .flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
      .filter((item) => typeof item === 'object' && item !== null)
  }
  return false
}

/** The problems of a flow whose form is right. */
export function checkFlow(definition: FlowDefinition, lookup: OperationLookup, help: ValidationHelp = {}): Problem[] {
  const problems: Problem[] = []
  const report = (path: DataPath, words: ProblemWords) => void problems.push(problemAt(definition, path, words))
  const steps = [...allSteps(definition)]
  if (!checkShape(steps, report)) return problems
  const scopes = scopesOf(definition, lookup, (mapping, scope) => typeOfMapping(mapping, { definition, scope }))
  const check: Check = { definition, lookup, help, scopes, report }
  checkTrigger(check)
  checkSlots(check)
  if (definition.steps.length === 0)
    report(['steps'], { severity: 'warning', code: 'flow.empty', message: 'The flow does nothing yet.', hint: 'Add a step.' })
  checkReachable(definition.steps, ['steps'], report)
  if (definition.onFailure) checkReachable(definition.onFailure, ['onFailure'], report)
  for (const visited of steps) checkStep(visited, check)
  return problems
}

/** Ids, depth and number of steps; false when the rest would only repeat the same problem many times. */
function checkShape(steps: readonly VisitedStep[], report: Check['report']): boolean {
  const seen = new Map<string, number>()
  for (const { step, path, parents } of steps) {
    const count = (seen.get(step.id) ?? 0) + 1
    seen.set(step.id, count)
    if (count > 1)
      report([...path, 'id'], {
        severity: 'error',
        code: 'step.repeated_id',
        message: `Another step already has the id "${step.id}".`,
        hint: `Give this one another id, for example "${step.id}_${count}".`,
      })
    if (parents.length === NESTING_MAX)
      report(path, {
        severity: 'error',
        code: 'flow.too_deep',
        message: `Steps are nested more than ${NESTING_MAX} deep here.`,
        hint: 'Move the inner steps to a flow of their own.',
      })
  }
  if (steps.length > STEPS_MAX)
    report(['steps'], {
      severity: 'error',
      code: 'flow.too_many_steps',
      message: `The flow has ${steps.length} steps; at most ${STEPS_MAX} are allowed.`,
      hint: 'Split it into several flows.',
    })
  return steps.length <= STEPS_MAX
}

function checkTrigger(check: Check): void {
  const { definition, report, scopes } = check
  const { trigger } = definition
  const place: CheckPlace = { definition, scope: scopes.trigger }
  const withFormula = (finding: Finding, member: 'where' | 'orderedBy'): { fix?: Edit } => {
    if (finding.fixed?.kind !== 'formula') return {}
    return {
      fix:
        member === 'where'
          ? { kind: 'set-trigger', trigger: { ...trigger, where: finding.fixed.formula } }
          : { kind: 'set-settings', settings: { orderedBy: finding.fixed.formula } },
    }
  }
  if (trigger.where !== undefined)
    for (const finding of checkCondition(trigger.where, place))
      report(['trigger', 'where'], { ...wordsOf(finding), ...withFormula(finding, 'where') })
  if (definition.orderedBy !== undefined)
    for (const finding of checkFormula(definition.orderedBy, place))
      report(['orderedBy'], { ...wordsOf(finding), ...withFormula(finding, 'orderedBy') })
  const shape = operationAt(check, 'trigger', trigger, ['trigger'])
  if (!shape) return
  checkConnection(check, shape, trigger, ['trigger'], (connection) => ({ kind: 'set-trigger', trigger: { ...trigger, connection } }))
  const constants = Object.fromEntries(
    Object.entries(trigger.input).map(([name, value]): [string, Mapping] => [name, { kind: 'value', value }]),
  )
  for (const finding of checkInput(constants, shape.input, typeOfSchema(shape.input), place))
    report(['trigger', 'input', ...finding.path], wordsOf(finding))
}

const wordsOf = ({ severity, code, message, hint }: Finding): ProblemWords => ({ severity, code, message, hint })

function checkSlots({ definition, report }: Check): void {
  const used = new Set([
    definition.trigger.connection,
    ...[...allSteps(definition)].map(({ step }) => (step.kind === 'action' ? step.connection : undefined)),
  ])
  for (const slot of Object.keys(definition.slots))
    if (!used.has(slot))
      report(['slots', slot], {
        severity: 'warning',
        code: 'connection.unused_slot',
        message: `The connection slot "${slot}" is not used.`,
        hint: 'Remove it, so that nobody is asked for a connection that is not needed.',
        fix: { kind: 'remove-slot', slot },
      })
}

function checkReachable(steps: readonly Step[], path: DataPath, report: Check['report']): void {
  const stop = steps.findIndex(ends)
  if (stop >= 0 && stop < steps.length - 1)
    report([...path, stop + 1], {
      severity: 'warning',
      code: 'step.unreachable',
      message: `This step is never reached: step "${steps[stop]?.id ?? ''}" always stops before it.`,
      hint: 'Remove it, or move the stop.',
    })
  for (const [index, step] of steps.entries())
    for (const inner of innerLists(step)) checkReachable(inner.steps, [...path, index, ...inner.path], report)
}

/** True when nothing after this step in its list can run. */
const ends = (step: Step): boolean =>
  step.kind === 'stop' ||
  (step.kind === 'branch' && [...step.branches.map((branch) => branch.steps), step.otherwise].every((steps) => steps.some(ends)))

function checkStep(visited: VisitedStep, check: Check): void {
  const { step, path, parents } = visited
  const { definition, report, scopes } = check
  const place: CheckPlace = { definition, scope: scopes.steps.get(step.id) ?? new Map(), stepId: step.id }
  const reportMapping = (
    at: DataPath,
    mapping: Mapping,
    target: Parameters<typeof checkMapping>[1],
    replaced: (mapping: Mapping) => Step,
    where: CheckPlace = place,
  ) => {
    for (const finding of checkMapping(mapping, target, where))
      report([...path, ...at, ...finding.path], {
        ...wordsOf(finding),
        ...(finding.fixed
          ? { fix: { kind: 'replace-step', stepId: step.id, step: replaced(replacedAt(mapping, finding.path, finding.fixed)) } }
          : {}),
      })
  }
  switch (step.kind) {
    case 'action':
      for (const [fact, mapping] of Object.entries(step.connectionWhere ?? {}))
        reportMapping(['connectionWhere', fact], mapping, { type: ANY, required: true }, (replaced) => ({
          ...step,
          connectionWhere: { ...step.connectionWhere, [fact]: replaced },
        }))
      return checkAction(step, path, place, check)
    case 'branch':
      for (const [index, branch] of step.branches.entries())
        for (const finding of checkCondition(branch.when, place))
          report([...path, 'branches', index, 'when'], {
            ...wordsOf(finding),
            ...(finding.fixed?.kind === 'formula'
              ? { fix: { kind: 'set-branch', stepId: step.id, index, title: branch.title, when: finding.fixed.formula } }
              : {}),
          })
      return
    case 'for-each':
      reportMapping(['items'], step.items, { type: listOf(ANY), required: true }, (items) => ({ ...step, items }))
      if (step.collect)
        reportMapping(['collect'], step.collect, { type: ANY, required: false }, (collect) => ({ ...step, collect }), {
          ...place,
          scope: scopes.itemEnds.get(step.id) ?? place.scope,
        })
      if (step.steps.length === 0)
        report([...path, 'steps'], {
          severity: 'warning',
          code: 'step.empty_loop',
          message: 'The loop does nothing for its items.',
          hint: 'Add a step inside it.',
        })
      return
    case 'wait': {
      const { wait } = step
      if (wait.kind === 'until')
        reportMapping(['wait', 'at'], wait.at, { type: { kind: 'text', format: 'date-time' }, required: true }, (at) => ({
          ...step,
          wait: { ...wait, at },
        }))
      if (wait.kind === 'approval')
        reportMapping(['wait', 'question'], wait.question, { type: ANY, required: true }, (question) => ({
          ...step,
          wait: { ...wait, question },
        }))
      if (wait.kind === 'webhook' && !isHandedOut(check.definition, step.id))
        report(path, {
          severity: 'warning',
          code: 'step.unknown_address',
          message: 'No step hands out the address of this wait, so nobody can call it.',
          hint: `Use "Address that ends the wait" (run.resumeUrls.${step.id}) in a step before it.`,
        })
      return
    }
    case 'stop':
      if (step.reason) reportMapping(['reason'], step.reason, { type: ANY, required: false }, (reason) => ({ ...step, reason }))
      if (step.ends === 'item' && !parents.some((parent) => parent.kind === 'for-each'))
        report([...path, 'ends'], {
          severity: 'error',
          code: 'step.no_item',
          message: 'This step ends an item, but stands in no loop.',
          hint: 'Remove "ends", or move the step into a for-each step.',
        })
      return
    default:
      return step satisfies never
  }
}

/** Some step asks for the address that ends the wait of this one. */
function isHandedOut(definition: FlowDefinition, id: string): boolean {
  const name = new RegExp(`resumeUrls\\W+${id}\\b`)
  return [...allSteps(definition)].some(({ step }) => stepExpressions(step).some((expression) => name.test(JSON.stringify(expression))))
}

function checkAction(step: ActionStep, path: DataPath, place: CheckPlace, check: Check): void {
  const shape = operationAt(check, 'action', step, path)
  if (shape)
    checkConnection(check, shape, step, path, (connection) => ({ kind: 'replace-step', stepId: step.id, step: { ...step, connection } }))
  if (shape?.effect === 'write' && step.fallback?.use === 'last-good') {
    const { fallback: _nonsense, ...rest } = step
    check.report([...path, 'fallback'], {
      severity: 'error',
      code: 'step.last_good_of_a_write',
      message: `"${step.title ?? shape.title}" writes, so an earlier result would only pretend that it was written.`,
      hint: 'Let the run fail or be parked, or go on without a result. Last good results are for steps that read.',
      fix: { kind: 'replace-step', stepId: step.id, step: { ...rest, fallback: { use: 'park' } } },
    })
  }
  const schema = shape?.input ?? {}
  for (const finding of checkInput(step.input, schema, typeOfSchema(schema), place)) {
    const [name, ...inner] = finding.path
    const mapping = typeof name === 'string' ? step.input[name] : undefined
    const fix: Edit | undefined =
      finding.fixed && typeof name === 'string' && mapping
        ? { kind: 'set-input', stepId: step.id, input: name, mapping: replacedAt(mapping, inner, finding.fixed) }
        : undefined
    check.report([...path, 'input', ...finding.path], { ...wordsOf(finding), ...(fix ? { fix } : {}) })
  }
}

/** A mapping with one of its inner mappings replaced. */
function replacedAt(mapping: Mapping, path: DataPath, replacement: Mapping): Mapping {
  const [member, key, ...rest] = path
  if (member === undefined || key === undefined) return replacement
  if (mapping.kind === 'list' && typeof key === 'number')
    return { ...mapping, items: mapping.items.map((item, index) => (index === key ? replacedAt(item, rest, replacement) : item)) }
  if (mapping.kind === 'object')
    return {
      ...mapping,
      fields: Object.fromEntries(
        Object.entries(mapping.fields).map(([name, field]) => [name, name === key ? replacedAt(field, rest, replacement) : field]),
      ),
    }
  if (mapping.kind === 'text' && replacement.kind === 'pill')
    return { ...mapping, parts: mapping.parts.map((part, index) => (index === key ? replacement : part)) }
  return mapping
}
