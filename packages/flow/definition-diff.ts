import { canonicalJson } from '@couplet/core'
import type { FlowDefinition, Mapping, Pill, Step } from './definition.ts'
import { allSteps, innerLists, stepNumbers, type VisitedStep } from './walk.ts'

/** One difference of two versions, for people. `before` and `after` are short texts of what stood there. */
export type Change = {
  kind: 'added' | 'removed' | 'moved' | 'changed'
  /** The step it is about; absent for the flow's own settings and the trigger. */
  stepId?: string
  /** Number and name of the step, or the name of the setting. */
  subject: string
  /** What of the subject changed: `tags`, `connection`; absent when it was added, removed or moved as a whole. */
  member?: string
  before?: string
  after?: string
}

const pillText = (pill: Pill): string =>
  `{${pill.path.join('.')}}${pill.fallback === undefined ? '' : ` (or ${JSON.stringify(pill.fallback)})`}`

/** A mapping as a short text: pills in braces, formulas after "=". */
export function mappingText(mapping: Mapping): string {
  switch (mapping.kind) {
    case 'value':
      return JSON.stringify(mapping.value)
    case 'pill':
      return pillText(mapping)
    case 'text':
      return mapping.parts.map((part) => (typeof part === 'string' ? part : pillText(part))).join('')
    case 'formula':
      return `= ${mapping.formula}`
    case 'list':
      return `[${mapping.items.map(mappingText).join(', ')}]`
    case 'object':
      return `{ ${Object.entries(mapping.fields)
        .map(([name, field]) => `${name}: ${mappingText(field)}`)
        .join(', ')} }`
    default:
      return mapping satisfies never
  }
}

type Facts = ReadonlyMap<string, string>
const factsOf = (members: readonly (readonly [string, string | number | boolean | undefined])[]): Facts =>
  new Map(members.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]))

/** What a step says, without the steps inside it, as named short texts. */
function stepFacts(step: Step): Facts {
  const head: [string, string | number | undefined][] = [
    ['kind', step.kind],
    ['title', step.title],
    ['note', step.note],
  ]
  switch (step.kind) {
    case 'action':
      return factsOf([
        ...head,
        ['operation', `${step.operation} (version ${step.version})`],
        ['connection', step.connection],
        ...Object.entries(step.connectionWhere ?? {}).map(([name, mapping]): [string, string] => [
          `connection whose ${name} is`,
          mappingText(mapping),
        ]),
        ['attempts', step.attemptsMax],
        ['continues on', step.continueOn?.join(', ')],
        ['when it fails', step.fallback && JSON.stringify(step.fallback)],
        ...Object.entries(step.input).map(([name, mapping]): [string, string] => [`input ${name}`, mappingText(mapping)]),
      ])
    case 'branch':
      return factsOf([
        ...head,
        ...step.branches.map((branch, index): [string, string] => [`branch ${index + 1}`, `${branch.title}: ${branch.when}`]),
      ])
    case 'for-each':
      return factsOf([
        ...head,
        ['items', mappingText(step.items)],
        ['in parallel', step.parallel],
        ['most items', step.itemsMax],
        ['when an item fails', step.onItemFailure],
        ['collects', step.collect && mappingText(step.collect)],
      ])
    case 'wait': {
      const { wait } = step
      return factsOf([
        ...head,
        [
          'waits',
          wait.kind === 'for'
            ? wait.duration
            : wait.kind === 'until'
              ? `until ${mappingText(wait.at)}`
              : wait.kind === 'webhook'
                ? 'for a call to its address'
                : `for approval: ${mappingText(wait.question)}`,
        ],
        ['gives up after', wait.kind === 'approval' || wait.kind === 'webhook' ? wait.giveUpAfter : undefined],
      ])
    }
    case 'stop':
      return factsOf([...head, ['outcome', step.outcome], ['ends', step.ends], ['reason', step.reason && mappingText(step.reason)]])
    default:
      return step satisfies never
  }
}

const flowFacts = (flow: FlowDefinition): Facts =>
  factsOf([
    ['name', flow.name],
    ['description', flow.description],
    ['kept in order by', flow.orderedBy],
    ...Object.entries(flow.slots).map(([slot, { connector, title }]): [string, string] => [
      `connection slot ${slot}`,
      title === undefined ? connector : `${title} (${connector})`,
    ]),
  ])

const triggerFacts = ({ trigger }: FlowDefinition): Facts =>
  factsOf([
    ['operation', `${trigger.operation} (version ${trigger.version})`],
    ['connection', trigger.connection],
    ['asks every', trigger.every],
    ['first run', trigger.firstRun],
    ['only when', trigger.where],
    ...Object.entries(trigger.input).map(([name, value]): [string, string] => [`input ${name}`, JSON.stringify(value)]),
  ])

function* factChanges(before: Facts, after: Facts, subject: string, stepId?: string): Generator<Change> {
  const about = { subject, ...(stepId === undefined ? {} : { stepId }) }
  for (const member of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(member), after.get(member)]
    if (old === now) continue
    yield {
      kind: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
      ...about,
      member,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    }
  }
}

type Steps = ReadonlyMap<string, VisitedStep>
const stepsOf = (flow: FlowDefinition): Steps => new Map([...allSteps(flow)].map((visited) => [visited.step.id, visited]))
const containerKey = ({ container }: VisitedStep): string => canonicalJson(container)

/** Ids that stay in one list but change their order there: all but a longest run that keeps its order. */
function reordered(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const positions = after.map((id) => before.indexOf(id))
  const best: { length: number; from: number }[] = []
  for (const [index, position] of positions.entries()) {
    let found = { length: 1, from: -1 }
    for (let earlier = 0; earlier < index; earlier++) {
      const length = (best[earlier]?.length ?? 0) + 1
      if ((positions[earlier] ?? 0) < position && length > found.length) found = { length, from: earlier }
    }
    best.push(found)
  }
  const kept = new Set<string>()
  let at = best.reduce((top, entry, index) => (entry.length > (best[top]?.length ?? 0) ? index : top), 0)
  while (at >= 0 && at < after.length) {
    const id = after[at]
    if (id !== undefined) kept.add(id)
    at = best[at]?.from ?? -1
  }
  return new Set(after.filter((id) => !kept.has(id)))
}

function movedSteps(before: Steps, after: Steps): ReadonlySet<string> {
  const moved = new Set<string>()
  const lists = new Map<string, { before: string[]; after: string[] }>()
  for (const [id, now] of after) {
    const old = before.get(id)
    if (!old) continue
    if (containerKey(old) !== containerKey(now)) moved.add(id)
    else lists.set(containerKey(now), { before: [], after: [...(lists.get(containerKey(now))?.after ?? []), id] })
  }
  for (const [id, old] of before) {
    const list = lists.get(containerKey(old))
    if (list?.after.includes(id)) list.before.push(id)
  }
  for (const list of lists.values()) for (const id of reordered(list.before, list.after)) moved.add(id)
  return moved
}

const isInside = (visited: VisitedStep, ids: ReadonlySet<string>): boolean => visited.parents.some((parent) => ids.has(parent.id))

/** What changed from one version to the next, in reading order: settings, trigger, then steps. Empty when nothing did. */
export function diffDefinitions(before: FlowDefinition, after: FlowDefinition): Change[] {
  const changes: Change[] = [
    ...factChanges(flowFacts(before), flowFacts(after), 'Flow'),
    ...factChanges(triggerFacts(before), triggerFacts(after), 'Trigger'),
  ]
  const [oldSteps, newSteps] = [stepsOf(before), stepsOf(after)]
  const [oldNumbers, newNumbers] = [stepNumbers(before), stepNumbers(after)]
  const name = (step: Step, numbers: ReadonlyMap<string, string>) => `Step ${numbers.get(step.id) ?? ''} ${step.title ?? step.id}`.trim()
  const gone = new Set([...oldSteps.keys()].filter((id) => !newSteps.has(id)))
  const fresh = new Set([...newSteps.keys()].filter((id) => !oldSteps.has(id)))
  const moved = movedSteps(oldSteps, newSteps)
  for (const [id, visited] of oldSteps)
    if (gone.has(id) && !isInside(visited, gone))
      changes.push({ kind: 'removed', stepId: id, subject: name(visited.step, oldNumbers), before: summary(visited.step) })
  for (const [id, visited] of newSteps) {
    const subject = name(visited.step, newNumbers)
    const old = oldSteps.get(id)
    if (!old) {
      if (!isInside(visited, fresh)) changes.push({ kind: 'added', stepId: id, subject, after: summary(visited.step) })
      continue
    }
    if (moved.has(id))
      changes.push({ kind: 'moved', stepId: id, subject, before: placeWords(old, oldNumbers), after: placeWords(visited, newNumbers) })
    changes.push(...factChanges(stepFacts(old.step), stepFacts(visited.step), subject, id))
  }
  return changes
}

const placeWords = (visited: VisitedStep, numbers: ReadonlyMap<string, string>): string =>
  `${numbers.get(visited.step.id) ?? ''}${visited.container.kind === 'on-failure' ? ' (on failure)' : ''}`

function summary(step: Step): string {
  const inner = innerLists(step).reduce((count, list) => count + list.steps.length, 0)
  const words = step.kind === 'action' ? step.operation : step.kind
  return inner === 0 ? words : `${words} with ${inner} ${inner === 1 ? 'step' : 'steps'}`
}
