import { Refusal } from './refusal.ts'
import type { PayacaContext } from './state.ts'

const sameName = (context: PayacaContext, one: string, other: string): boolean =>
  context.setting('tagsIgnoreCase') ? one.toLowerCase() === other.toLowerCase() : one === other

/** The stored spelling of each name; unknown names come into being or are refused (ASSUMED, `tagAutoCreate`). */
export function knownTags(context: PayacaContext, names: readonly string[]): string[] {
  const unknown = names.filter((name) => !context.state.tagNames.some((known) => sameName(context, known, name)))
  if (unknown.length > 0 && !context.setting('tagAutoCreate')) throw new Refusal(422, `There is no tag ${unknown.join(', ')}.`)
  return names.map((name) => {
    const known = context.state.tagNames.find((known) => sameName(context, known, name))
    if (known === undefined) context.state.tagNames.push(name)
    return known ?? name
  })
}

/** Tags with the names added once each. */
export const withTags = (context: PayacaContext, tags: readonly string[], names: readonly string[]): string[] => [
  ...new Set([...tags, ...knownTags(context, names)]),
]

export const withoutTags = (context: PayacaContext, tags: readonly string[], names: readonly string[]): string[] =>
  tags.filter((tag) => !names.some((name) => sameName(context, tag, name)))
