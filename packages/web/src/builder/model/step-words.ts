import type { FlowDefinition, OperationLookup, Step } from '@couplet/flow'
import { BellRing, GitBranch, Hand, type LucideIcon, OctagonX, Repeat, Timer } from 'lucide-react'

/** What a step is called where it has no title of its own. */
export function stepTitle(step: Step, lookup: OperationLookup): string {
  if (step.title) return step.title
  switch (step.kind) {
    case 'action':
      return lookup(step.operation, step.version)?.title ?? step.operation
    case 'branch':
      return 'Branch'
    case 'for-each':
      return 'For each'
    case 'wait':
      return step.wait.kind === 'for' ? `Wait ${step.wait.duration}` : step.wait.kind === 'until' ? 'Wait until' : 'Ask a person'
    case 'stop':
      return step.outcome === 'done' ? 'Stop' : `Stop as ${step.outcome}`
    default:
      return step satisfies never
  }
}

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
      return { icon: step.wait.kind === 'approval' ? Hand : Timer }
    case 'stop':
      return { icon: step.outcome === 'failed' ? BellRing : OctagonX }
    default:
      return step satisfies never
  }
}
