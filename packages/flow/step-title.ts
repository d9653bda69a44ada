import type { ForEachStep, Step, WaitStep } from './definition.ts'

const MORE = '…'

/** What a step is called, in the builder as in a run: its own title, else words made from what it does. Never its id. */
export function stepTitle(step: Step, actionTitle: string | undefined): string {
  const own = step.title?.trim()
  if (own) return own
  switch (step.kind) {
    case 'action':
      return actionTitle ?? step.operation
    case 'branch': {
      const first = step.branches[0]
      const condition = first === undefined ? '' : first.title.trim() === '' ? first.when : lowerFirst(first.title.trim())
      return `If ${condition.replace(/^if\s+/i, '')}${step.branches.length > 1 ? ` ${MORE}` : ''}`
    }
    case 'for-each':
      return `For each of ${listWords(step)}`
    case 'wait':
      return waitTitle(step)
    case 'stop':
      return `Stop${step.ends === 'item' ? ' this item' : ''}${step.outcome === 'done' ? '' : ` as ${step.outcome}`}`
    default:
      return step satisfies never
  }
}

function waitTitle({ wait }: WaitStep): string {
  switch (wait.kind) {
    case 'for':
      return `Wait ${wait.duration}`
    case 'until':
      return 'Wait until a set time'
    case 'approval':
      return 'Ask a person'
    case 'webhook':
      return 'Wait for a call'
    default:
      return wait satisfies never
  }
}

/** Names and abbreviations keep their capitals. */
const lowerFirst = (text: string): string => (/^\p{Lu}[\p{Ll}\s]/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text)

/** `{find.flipbooks}` → `the flipbooks`. */
function listWords({ items }: ForEachStep): string {
  if (items.kind !== 'pill') return 'a list'
  const last = items.path.slice(1).findLast((part) => typeof part === 'string')
  return last === undefined ? 'a list' : `the ${last.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}`
}
