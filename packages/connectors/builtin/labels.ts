export type MergedLabels = {
  tags: string[]
  changed: boolean
  added: string[]
  removed: string[]
  replaced: { label: string; used: string }[]
}

const clean = (text: string): string => text.replaceAll(/\s*,\s*/g, ' ').trim()
const listOf = (current: string | readonly string[]): string[] =>
  (typeof current === 'string' ? current.split(',') : [...current]).map((tag) => tag.trim()).filter((tag) => tag !== '')

/**
 * Merges our labels into a list of tags that others use too. Ours are those with the prefix, and the marker; all others stay, in their
 * order. The marker keeps the list from becoming empty and shows who is at work. A comma inside a label cannot be kept in a
 * comma-separated list: it becomes a space and is reported. `changed` looks at which tags there are, not at their order.
 */
export function mergeLabels(input: {
  current: string | readonly string[]
  labels: readonly string[]
  prefix: string
  marker: string
}): MergedLabels {
  const before = listOf(input.current)
  const marker = clean(input.marker)
  const isOurs = (tag: string) => tag === marker || tag.startsWith(input.prefix)
  const pairs = input.labels.map((label) => ({ label, used: clean(label) })).filter((pair) => pair.used !== '')
  const ours = [...(marker === '' ? [] : [marker]), ...pairs.map((pair) => `${input.prefix}${pair.used}`)]
  const tags = [...new Set([...before.filter((tag) => !isOurs(tag)), ...ours])]
  const added = tags.filter((tag) => !before.includes(tag))
  const removed = [...new Set(before.filter((tag) => !tags.includes(tag)))]
  return {
    tags,
    changed: added.length + removed.length > 0,
    added,
    removed,
    replaced: pairs.filter((pair) => pair.used !== pair.label.trim()),
  }
}
