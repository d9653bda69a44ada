import { durationMs } from '@couplet/core'
import type { FlowDefinition, ForEachStep, Mapping, Step } from './definition.ts'
import type { OperationLookup } from './operation-shape.ts'
import { allSteps, findStep } from './walk.ts'

/** More parts than this are summed up as "and 3 more steps". */
const PARTS_MAX = 6

/** Shorter waits give a vendor time to settle; they say nothing about what the flow is for. */
const SHORT_WAIT_MS = 60_000

type Words = {
  definition: FlowDefinition
  lookup: OperationLookup
  names: Readonly<Record<string, string>>
  writesOnly: boolean
  left: { parts: number; cut: number }
}

/**
 * A flow as one sentence: "When a social tag is created in any location, set the tags of a flipbook in Heyzine."
 * Made from the operations' phrases, so it is always true. `names`: slot → name of the connection bound to it; without one the
 * slot's title or the connector stands for it. Reads are left out where the flow also writes: they are means, not ends.
 */
export function flowSentence(definition: FlowDefinition, lookup: OperationLookup, names: Readonly<Record<string, string>> = {}): string {
  const writes = [...allSteps(definition)].some(
    ({ step, path }) => path[0] === 'steps' && step.kind === 'action' && lookup(step.operation, step.version)?.effect === 'write',
  )
  const words: Words = { definition, lookup, names, writesOnly: writes, left: { parts: PARTS_MAX, cut: 0 } }
  const start = lookup(definition.trigger.operation, definition.trigger.version)
  const trigger = start
    ? withConnection(start.phrase, definition.trigger.connection, start.connector, words)
    : `${definition.trigger.operation} happens`
  const deeds = sequence(definition.steps, words)
  const more = words.left.cut > 0 ? ` (and ${words.left.cut} more ${words.left.cut === 1 ? 'step' : 'steps'})` : ''
  return `When ${trigger}${definition.trigger.where === undefined ? '' : ' and a condition holds'}, ${deeds === '' ? 'do nothing yet' : deeds}${more}.`
}

function withConnection(phrase: string, slot: string | undefined, connector: string, { definition, names }: Words): string {
  const title = slot !== undefined && Object.hasOwn(definition.slots, slot) ? definition.slots[slot]?.title : undefined
  const name =
    (slot !== undefined && Object.hasOwn(names, slot) ? names[slot] : undefined) ??
    title ??
    connector.replace(/^./, (letter) => letter.toUpperCase())
  return phrase.replaceAll('{connection}', name)
}

function sequence(steps: readonly Step[], words: Words): string {
  const parts = steps.map((step) => deed(step, words)).filter((part) => part !== '')
  return parts.join(', then ')
}

/** Takes one of the places in the sentence; false when none is left. */
function take(words: Words): boolean {
  if (words.left.parts > 0) {
    words.left.parts -= 1
    return true
  }
  words.left.cut += 1
  return false
}

function deed(step: Step, words: Words): string {
  switch (step.kind) {
    case 'action': {
      const shape = words.lookup(step.operation, step.version)
      if (shape?.effect === 'read' && words.writesOnly) return ''
      if (!take(words)) return ''
      return shape ? withConnection(shape.phrase, step.connection, shape.connector, words) : `run ${step.operation}`
    }
    case 'branch': {
      const branches = step.branches
        .map((branch) => ({
          title: branch.title.trim() === '' ? branch.when : lowerFirst(branch.title.trim()),
          deeds: sequence(branch.steps, words),
        }))
        .filter(({ deeds }) => deeds !== '')
      const otherwise = sequence(step.otherwise, words)
      const said = branches.map(({ title, deeds }) => `if ${title}, ${deeds}`)
      if (otherwise !== '')
        said.push(
          said.length === 0
            ? `unless ${step.branches.map((branch) => lowerFirst(branch.title)).join(' or ')}, ${otherwise}`
            : `otherwise ${otherwise}`,
        )
      return said.join('; ')
    }
    case 'for-each': {
      const deeds = sequence(step.steps, words)
      const own = step.title !== undefined && /^for each /i.test(step.title) ? lowerFirst(step.title) : undefined
      return deeds === '' ? '' : `${own === undefined ? `for each ${itemWords(step, words)}` : `${own},`} ${deeds}`
    }
    case 'wait':
      if (step.wait.kind === 'for' && durationMs(step.wait.duration) < SHORT_WAIT_MS) return ''
      if (!take(words)) return ''
      return step.wait.kind === 'for'
        ? `wait ${step.wait.duration}`
        : step.wait.kind === 'until'
          ? 'wait until a set time'
          : step.wait.kind === 'webhook'
            ? 'wait for a call'
            : 'wait for a person to approve'
    case 'stop':
      // Where the flow does something, a stop is its guard, not its purpose.
      return step.outcome === 'failed' && !words.writesOnly ? 'stop with a failure' : ''
    default:
      return step satisfies never
  }
}

const lowerFirst = (text: string): string => (/^\p{Lu}[\p{Ll}\s]/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text)

function itemWords(step: ForEachStep, { definition, lookup }: Words): string {
  const last = lastName(step.items)
  if (last === undefined) return 'item:'
  const source = step.items.kind === 'pill' ? step.items.path[0] : undefined
  const from = source === undefined ? undefined : findStep(definition, source)?.step
  const title = from?.kind === 'action' ? (from.title ?? lookup(from.operation, from.version)?.title) : undefined
  return `of the ${last}${title === undefined ? '' : ` from "${title}"`},`
}

function lastName(mapping: Mapping): string | undefined {
  if (mapping.kind !== 'pill') return undefined
  const names = mapping.path.slice(1).filter((part) => typeof part === 'string')
  return names
    .at(-1)
    ?.replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
}
