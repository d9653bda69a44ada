import { readJsonPath, sameness } from './json-path.ts'

export type Comparison = {
  added: unknown[]
  removed: unknown[]
  kept: unknown[]
  changed: { before: unknown; after: unknown }[]
  isSame: boolean
}

/**
 * What came, went and stayed between two lists, whatever their order. Items are the same when the member at `by` is equal (and count as
 * changed when the rest differs), or, without `by`, when they are equal as a whole. Of several items with one key the last counts.
 */
export function compareLists(before: readonly unknown[], after: readonly unknown[], by: string | undefined): Comparison {
  const keyed = (items: readonly unknown[]) =>
    new Map(items.map((item) => [sameness(by === undefined ? item : readJsonPath(item, by)), item]))
  const [old, fresh] = [keyed(before), keyed(after)]
  const added = [...fresh].filter(([key]) => !old.has(key)).map(([, item]) => item)
  const removed = [...old].filter(([key]) => !fresh.has(key)).map(([, item]) => item)
  const both = [...fresh].filter(([key]) => old.has(key)).map(([key, item]) => ({ before: old.get(key), after: item }))
  const changed = both.filter((pair) => sameness(pair.before) !== sameness(pair.after))
  const kept = both.filter((pair) => sameness(pair.before) === sameness(pair.after)).map((pair) => pair.after)
  return { added, removed, kept, changed, isSame: added.length + removed.length + changed.length === 0 }
}
