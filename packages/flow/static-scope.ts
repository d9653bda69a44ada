import type { FlowDefinition, Mapping, Step, WaitStep } from './definition.ts'
import { presentAfter, withPresent } from './narrowing.ts'
import { nearest } from './nearest.ts'
import type { OperationLookup } from './operation-shape.ts'
import type { DataPath } from './place.ts'
import {
  ABSENT,
  alternatives,
  ANY,
  listOf,
  type Member,
  NUMBER,
  objectOf,
  TEXT,
  unionOf,
  typeOfSchema,
  typeWords,
  type ValueType,
  withoutEmpty,
  YES_NO,
} from './value-type.ts'
import { allSteps, callWaits } from './walk.ts'

/** What mappings and formulas can see at one point of a flow, before anything has run. */
export type StaticScope = ReadonlyMap<string, ValueType>

/** Scopes of a whole flow: where its triggers' conditions, each step, and the end of each loop body stand. */
export type FlowScopes = {
  /** `where` and `orderedBy`: only the fact itself. */
  trigger: StaticScope
  steps: ReadonlyMap<string, StaticScope>
  /** At the end of a for-each body, where `collect` is worked out: by the id of the for-each. */
  itemEnds: ReadonlyMap<string, StaticScope>
}

const RUN = objectOf({ id: TEXT, startedAt: { kind: 'text', format: 'date-time' }, environment: TEXT, timeZone: TEXT })
const FAILURE = objectOf({ step: TEXT, code: TEXT, message: TEXT, hint: unionOf([TEXT, ABSENT]) })

/** The type of a mapping in a scope; passed in because the mapping check needs scopes itself. */
export type TypeOfMapping = (mapping: Mapping, scope: StaticScope) => ValueType

const withNames = (scope: StaticScope, names: Record<string, ValueType>): StaticScope => new Map([...scope, ...Object.entries(names)])

/** Works out all scopes in one walk. A step sees the trigger and what ran before it on its own path, nothing else. */
export function scopesOf(definition: FlowDefinition, lookup: OperationLookup, typeOfMapping: TypeOfMapping): FlowScopes {
  const triggerShape = lookup(definition.trigger.operation, definition.trigger.version)
  const connections: ValueType = {
    kind: 'object',
    members: new Map(Object.keys(definition.slots).map((slot): [string, Member] => [slot, { type: objectOf({}, ANY), optional: false }])),
  }
  const trigger: StaticScope = new Map([
    ['trigger', triggerShape ? typeOfSchema(triggerShape.output) : ANY],
    ['connections', connections],
  ])
  const steps = new Map<string, StaticScope>()
  const itemEnds = new Map<string, StaticScope>()

  const outputOf = (step: Step, scope: StaticScope): ValueType | undefined => {
    if (step.kind === 'action') {
      const shape = lookup(step.operation, step.version)
      const output = shape ? typeOfSchema(shape.given?.(step.input).output ?? shape.output) : ANY
      return (step.continueOn && step.continueOn.length > 0) || step.fallback?.use === 'skip' ? unionOf([output, ABSENT]) : output
    }
    if (step.kind === 'wait' && step.wait.kind === 'approval') return objectOf({ approved: YES_NO, by: unionOf([TEXT, ABSENT]) })
    if (step.kind === 'wait' && step.wait.kind === 'webhook') return objectOf({ timedOut: YES_NO, body: ANY })
    if (step.kind !== 'for-each') return undefined
    const end = itemEnds.get(step.id) ?? scope
    const results = step.collect ? listOf(typeOfMapping(step.collect, end)) : listOf(ANY)
    return objectOf({ results, count: NUMBER, failed: NUMBER })
  }

  /** `known`: how the steps before ended; every one of them certainly has. */
  const visitList = (
    list: readonly Step[],
    outer: StaticScope,
    known: ReadonlyMap<string, Member>,
  ): { scope: StaticScope; outcomes: ReadonlyMap<string, Member> } => {
    let scope = withResumeUrls(outer, callWaits(list))
    const outcomes = new Map(known)
    /** Steps of a part that may not have been gone through. */
    const perhaps = (inner: ReadonlyMap<string, Member>): void => {
      for (const [id, member] of inner) if (!outcomes.has(id)) outcomes.set(id, { ...member, optional: true })
    }
    for (const step of list) {
      const here = withNames(scope, { outcomes: { kind: 'object', members: new Map(outcomes) } })
      steps.set(step.id, here)
      if (step.kind === 'branch') {
        const inners: ReadonlyMap<string, Member>[] = []
        let here = scope
        let isGuard = true
        for (const branch of step.branches) {
          inners.push(visitList(branch.steps, withPresent(here, presentAfter(branch.when, true)), outcomes).outcomes)
          here = withPresent(here, presentAfter(branch.when, false))
          // Behind a way that always stops, its condition was not true; only while no other way leads there without asking it.
          isGuard &&= alwaysStops(branch.steps)
          if (isGuard) scope = here
        }
        inners.push(visitList(step.otherwise, here, outcomes).outcomes)
        for (const inner of inners) perhaps(inner)
      } else if (step.kind === 'for-each') {
        const items = withoutEmpty(typeOfMapping(step.items, here))
        const item = unionOf(alternatives(items).map((part) => (part.kind === 'list' ? part.items : ANY)))
        const end = visitList(step.steps, withNames(scope, { [step.id]: objectOf({ item, index: NUMBER }) }), outcomes)
        itemEnds.set(step.id, end.scope)
        perhaps(end.outcomes)
      }
      outcomes.set(step.id, { type: TEXT, optional: false })
      const output = outputOf(step, here)
      scope = output ? withNames(scope, { [step.id]: output }) : withoutName(scope, step.id)
    }
    return { scope, outcomes }
  }

  const flowStart = withNames(trigger, { run: RUN })
  const { outcomes } = visitList(definition.steps, flowStart, new Map())
  if (definition.onFailure) {
    const outputs: Record<string, ValueType> = {}
    for (const { step, path } of allSteps(definition)) {
      const output = path[0] === 'steps' ? outputOf(step, steps.get(step.id) ?? flowStart) : undefined
      if (output) outputs[step.id] = unionOf([output, ABSENT])
    }
    const perhaps = new Map([...outcomes].map(([id, member]): [string, Member] => [id, { ...member, optional: true }]))
    visitList(definition.onFailure, withNames(flowStart, { ...outputs, failure: FAILURE }), perhaps)
  }
  return { trigger, steps, itemEnds }
}

/** Addresses of waits for a call are known from the start of the list that the waits are in, branches included. */
function withResumeUrls(scope: StaticScope, waits: readonly WaitStep[]): StaticScope {
  const run = scope.get('run')
  if (waits.length === 0 || run?.kind !== 'object') return scope
  const known = run.members.get('resumeUrls')?.type
  const urls = new Map(known?.kind === 'object' ? known.members : [])
  for (const { id } of waits) urls.set(id, { type: TEXT, optional: false })
  const resumeUrls: Member = { type: { kind: 'object', members: urls }, optional: false }
  return withNames(scope, { run: { ...run, members: new Map([...run.members, ['resumeUrls', resumeUrls]]) } })
}

/** Nothing after these steps is reached. */
const alwaysStops = (steps: readonly Step[]): boolean =>
  steps.some(
    (step) =>
      step.kind === 'stop' ||
      (step.kind === 'branch' && alwaysStops(step.otherwise) && step.branches.every((branch) => alwaysStops(branch.steps))),
  )

const withoutName = (scope: StaticScope, name: string): StaticScope =>
  scope.has(name) ? new Map([...scope].filter(([known]) => known !== name)) : scope

/** A member that is not there, in words, with the name that was most likely meant. */
export type Missing = { message: string; hint: string; suggestion?: string }

/** The type of one member or item. `missing` when no value of this type can have it. */
export function memberType(
  type: ValueType,
  key: string | number,
): { type: ValueType; missing?: undefined } | { missing: Missing; type?: undefined } {
  const found: ValueType[] = []
  const known = new Map<string, Member>()
  for (const part of alternatives(type)) {
    if (part.kind === 'any') found.push(ANY)
    else if (part.kind === 'null' || part.kind === 'absent') found.push(ABSENT)
    else if (part.kind === 'list' && typeof key === 'number') found.push(part.items, ABSENT)
    else if (part.kind === 'object') {
      const member = part.members.get(String(key))
      if (member) found.push(member.optional ? unionOf([member.type, ABSENT]) : member.type)
      else if (part.rest) found.push(part.rest, ABSENT)
      else for (const [name, other] of part.members) known.set(name, other)
    }
  }
  if (found.some((part) => part.kind !== 'absent')) return { type: unionOf(found) }
  return { missing: missingMember(withoutEmpty(type), key, known) }
}

function missingMember(type: ValueType, key: string | number, known: ReadonlyMap<string, Member>): Missing {
  if (known.size > 0) {
    const suggestion = nearest(String(key), known.keys())
    const names = [...known.keys()]
    return {
      message: `There is no "${key}" here.`,
      hint:
        suggestion === undefined
          ? `There is ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and more' : ''}.`
          : `Did you mean "${suggestion}"?`,
      ...(suggestion === undefined ? {} : { suggestion }),
    }
  }
  if (alternatives(type).some((part) => part.kind === 'list'))
    return {
      message: `"${key}" is asked of a list, not of one of its items.`,
      hint: 'Use a for-each step, the first item ([0]), or pluck(list, "member") in a formula.',
    }
  return {
    message: `${typeWords(type).replace(/^./, (letter) => letter.toUpperCase())} has no members, so there is no "${key}".`,
    hint: 'Choose the value itself.',
  }
}

/** Why a name cannot be seen at a place, and what was most likely meant. */
export function unknownName(definition: FlowDefinition, scope: StaticScope, name: string, fromStepId: string | undefined): Missing {
  const order = [...allSteps(definition)]
  const asked = order.find(({ step }) => step.id === name)
  const here = order.findIndex(({ step }) => step.id === fromStepId)
  if (asked && name === fromStepId) return { message: `Step "${name}" cannot use its own result.`, hint: 'Use the result in a later step.' }
  if (
    asked &&
    (asked.step.kind === 'branch' ||
      asked.step.kind === 'stop' ||
      (asked.step.kind === 'wait' && asked.step.wait.kind !== 'approval' && asked.step.wait.kind !== 'webhook'))
  )
    return {
      message: `Step "${name}" has no result to use.`,
      hint: 'Only actions, for-each steps, approvals and waits for a call have a result.',
    }
  if (asked && (fromStepId === undefined || order.indexOf(asked) > here))
    return {
      message: `Step "${name}" runs later, so its result is not there yet.`,
      hint: 'Move this step behind it, or use an earlier result.',
    }
  if (asked)
    return {
      message: `Step "${name}" is inside ${placeWords(asked.parents.at(-1))}, and its result is not there outside of it.`,
      hint: 'Move this step to the same place, or collect the results of the loop.',
    }
  const suggestion = nearest(name, scope.keys())
  return {
    message: `The name "${name}" is not known here.`,
    hint: suggestion === undefined ? `Known here: ${[...scope.keys()].slice(0, 12).join(', ')}.` : `Did you mean "${suggestion}"?`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

const placeWords = (parent: Step | undefined): string =>
  parent?.kind === 'for-each'
    ? `the loop "${parent.id}"`
    : parent?.kind === 'branch'
      ? `a branch of "${parent.id}"`
      : 'the on-failure steps'

/** The type of a pill's path in a scope, or what is wrong with it and at which part of the path. */
export function typeOfPath(
  definition: FlowDefinition,
  scope: StaticScope,
  path: DataPath,
  fromStepId: string | undefined,
): { type: ValueType } | { missing: Missing; at: number } {
  const [root = '', ...rest] = path
  const start = scope.get(String(root))
  if (!start) return { missing: unknownName(definition, scope, String(root), fromStepId), at: 0 }
  let type = start
  for (const [index, key] of rest.entries()) {
    const member = memberType(type, key)
    if (member.missing) return { missing: member.missing, at: index + 1 }
    type = member.type
  }
  return { type }
}
