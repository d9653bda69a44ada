import type { Registry } from '@couplet/connector-sdk'
import type { FlowDefinition, Step } from '@couplet/flow'
import type { RunProgress } from './run-progress.ts'

const WRITES_NAMED_MAX = 3

/** One sentence for the list of runs: what the run changed, in the operations' own words. */
export function summaryOf(registry: Registry, definition: FlowDefinition, progress: RunProgress): string {
  const titles = writeTitles(registry, definition)
  const counts = new Map<string, number>()
  for (const [key, step] of progress.steps) {
    if (step.status !== 'done') continue
    const title = titles.get(key.slice(key.lastIndexOf('/') + 1))
    if (title !== undefined) counts.set(title, (counts.get(title) ?? 0) + 1)
  }
  if (counts.size === 0) return 'Done; nothing had to be changed.'
  const named = [...counts].slice(0, WRITES_NAMED_MAX).map(([title, count]) => (count > 1 ? `${title} (${count} times)` : title))
  const more = counts.size - named.length
  return `Done: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}

const known = new WeakMap<FlowDefinition, Map<string, string>>()

/** Step id → title, for the steps that write. Definitions are immutable and cached, so this is made once for each. */
function writeTitles(registry: Registry, definition: FlowDefinition): Map<string, string> {
  const cached = known.get(definition)
  if (cached) return cached
  const titles = new Map<string, string>()
  const visit = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === 'action') {
        const action = registry.action(step.operation, step.version)
        if (action?.effect.kind === 'write') titles.set(step.id, step.title ?? action.title)
      }
      if (step.kind === 'branch') {
        for (const branch of step.branches) visit(branch.steps)
        visit(step.otherwise)
      }
      if (step.kind === 'for-each') visit(step.steps)
    }
  }
  visit(definition.steps)
  known.set(definition, titles)
  return titles
}
