import { type FlowDefinition, type OperationLookup, type Step, stepTitle as titleOf } from '@couplet/flow'
import { BellRing, GitBranch, Hand, type LucideIcon, OctagonX, Repeat, Timer, Webhook } from 'lucide-react'

/** What a step is called: its own title, else that of its operation, else words made from what it does. */
export const stepTitle = (step: Step, lookup: OperationLookup): string =>
  titleOf(step, step.kind === 'action' ? lookup(step.operation, step.version)?.title : undefined)

export const triggerTitle = (definition: FlowDefinition, lookup: OperationLookup): string =>
  lookup(definition.trigger.operation, definition.trigger.version)?.title ?? definition.trigger.operation

/** The vendor behind a step, or the icon of a step that is Couplet's own. */
export function stepMark(step: Step): { connector: string } | { icon: LucideIcon } {
  switch (step.kind) {
    case 'action':
      return { connector: step.operation.split('.')[0] ?? '' }
    case 'branch':
      return { icon: GitBranch }
    case 'for-each':
      return { icon: Repeat }
    case 'wait':
      return { icon: step.wait.kind === 'approval' ? Hand : step.wait.kind === 'webhook' ? Webhook : Timer }
    case 'stop':
      return { icon: step.outcome === 'failed' ? BellRing : OctagonX }
    default:
      return step satisfies never
  }
}
