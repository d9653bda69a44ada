import { z } from 'zod'
import { listOf, maybe, maybeText } from './lenient.ts'

/** A tag of the sub-account, used on contacts. Not a tag of the Social Planner. */
export const LocationTag = z
  .object({ id: z.string().meta({ title: 'Tag id' }), name: z.string().meta({ title: 'Name' }) })
  .meta({ title: 'Location tag' })
export type LocationTag = z.output<typeof LocationTag>

const TagItem = z
  .looseObject({ id: z.string(), name: maybeText })
  .transform((item): LocationTag => ({ id: item.id, name: item.name ?? '' }))

export const LocationTagsReply = z.looseObject({ tags: listOf(TagItem) }).transform((reply) => reply.tags)
export const LocationTagReply = z.looseObject({ tag: maybe(TagItem) }).transform((reply) => reply.tag)

/** HighLevel lower-cases names it stores (ASSUMED), so names are compared without regard to case and outer spaces. */
export const isSameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

export const locationTagSample: LocationTag = { id: 'TagRoof0001', name: 'roof survey' }
