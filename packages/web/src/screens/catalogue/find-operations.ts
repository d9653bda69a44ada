import type { OperationSummary } from '@couplet/api'

export type Does = 'read' | 'write' | 'trigger' | 'webhook' | 'poll' | 'schedule' | 'by-hand'
export const DOES: readonly Does[] = ['read', 'write', 'trigger', 'webhook', 'poll', 'schedule', 'by-hand']

export type OperationFilter = {
  search?: string | undefined
  connector?: string | undefined
  module?: string | undefined
  scope?: string | undefined
  does?: Does | undefined
}

/** An operation with what a search looks at, made once for the whole catalogue. */
export type Indexed = { operation: OperationSummary; title: string; text: string }

export const indexOf = (operations: readonly OperationSummary[], vendorName: (connector: string) => string): readonly Indexed[] =>
  operations.map((operation) => {
    const { title, summary, group, id, address = '', scopes } = operation
    return {
      operation,
      title: title.toLowerCase(),
      text: `${title} ${vendorName(operation.connector)} ${group} ${address} ${id} ${scopes.join(' ')} ${summary}`.toLowerCase(),
    }
  })

function doesThis({ kind, effect, wires }: OperationSummary, does: Does): boolean {
  if (does === 'trigger') return kind === 'trigger'
  if (does === 'read') return kind === 'action' && effect === 'read'
  if (does === 'write') return kind === 'action' && effect !== 'read'
  return kind === 'trigger' && wires.includes(does)
}

/** How well the words fit: the title as typed, its beginning, all words in the title, or only elsewhere. 0: not at all. */
function rank({ title, text, operation }: Indexed, asked: string, words: readonly string[]): number {
  if (!words.every((word) => text.includes(word))) return 0
  const worth = operation.isDeprecated ? 0 : 0.5
  if (title === asked) return 5 + worth
  if (title.startsWith(asked)) return 4 + worth
  if (words.every((word) => title.includes(word))) return 3 + worth
  return 1 + worth + (operation.address?.toLowerCase().includes(asked) ? 1 : 0)
}

/** Operations that pass the filters, best first; without a search in the order of the catalogue. */
export function findOperations(index: readonly Indexed[], filter: OperationFilter): readonly OperationSummary[] {
  const asked = (filter.search ?? '').trim().toLowerCase()
  const words = asked.split(/\s+/).filter(Boolean)
  const fitting = index.filter(
    ({ operation }) =>
      (filter.connector === undefined || operation.connector === filter.connector) &&
      (filter.module === undefined || operation.group === filter.module) &&
      (filter.scope === undefined || operation.scopes.includes(filter.scope)) &&
      (filter.does === undefined || doesThis(operation, filter.does)),
  )
  if (words.length === 0) return fitting.map(({ operation }) => operation)
  return fitting
    .flatMap((entry) => {
      const value = rank(entry, asked, words)
      return value === 0 ? [] : [{ entry, value }]
    })
    .toSorted((left, right) => right.value - left.value)
    .map(({ entry }) => entry.operation)
}

/** What can be chosen in a filter, with how many operations each has, most first or by name. */
export function countBy(
  operations: readonly OperationSummary[],
  keys: (operation: OperationSummary) => readonly string[],
): readonly [string, number][] {
  const counts = new Map<string, number>()
  for (const operation of operations) for (const key of keys(operation)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].toSorted(([left], [right]) => left.localeCompare(right))
}
