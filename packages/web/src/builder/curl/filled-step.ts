import { Step } from '@couplet/flow'
import type { ReadStep } from '../model/new-step.ts'

type ActionStep = Extract<Step, { kind: 'action' }>

const HTTP = new Set(['builtin.http.read', 'builtin.http.send', 'builtin.http.send-repeatable'])
/** What a command says; everything else of the step (its pace, its note) stays. */
const FROM_COMMAND = new Set(['method', 'url', 'query', 'headers', 'body'])

/** Whether a step calls an address, so that a command can fill it. */
export const isHttpStep = (step: Step): step is ActionStep => step.kind === 'action' && HTTP.has(step.operation)

/**
 * The step as the command says it, its name and all that a command does not know kept. One that was declared repeatable stays so while it sends;
 * a command that reads makes it a reading one, and the other way round.
 */
export function filledStep(step: ActionStep, read: ReadStep): Step {
  const kept = Object.entries(step.input).filter(([name]) => !FROM_COMMAND.has(name))
  const given = Object.entries(read.input).map(([name, value]) => [name, { kind: 'value', value }])
  const isStillRepeatable = step.operation === 'builtin.http.send-repeatable' && read.operation === 'builtin.http.send'
  return Step.parse({
    ...step,
    title: step.title ?? read.title,
    operation: isStillRepeatable ? step.operation : read.operation,
    version: read.version,
    input: Object.fromEntries([...kept, ...given]),
  })
}
