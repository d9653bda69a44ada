import { z } from 'zod'

/** Heyzine keeps tags as one comma-separated string; a comma inside a tag cannot be expressed (ASSUMED), so it becomes a space. */
export const tagsToText = (tags: readonly string[]): string => {
  const clean = tags.map((tag) => tag.replaceAll(/\s*,\s*/g, ' ').trim()).filter((tag) => tag !== '')
  return [...new Set(clean)].join(',')
}

export const tagsFromText = (text: string | null | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

/** At least one tag that says something: whether Heyzine can empty the tags is unknown, it ignores empty text (CONFIRMED for subtitle). */
export const TagList = z
  .array(z.string())
  .refine((tags) => tagsToText(tags) !== '', 'Keep at least one tag: Heyzine ignores an empty list')
  .meta({
    title: 'Tags',
    description: 'A comma inside a tag is replaced by a space. At least one.',
    examples: [['ghl', 'ghl:spring-launch']],
  })
