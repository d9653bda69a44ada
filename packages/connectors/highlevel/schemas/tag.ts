import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'

/** A tag of the Social Planner. Not a location tag, not a tag of a contact: those are separate stores (CONFIRMED). */
export const SocialTag = z
  .object({
    id: z.string().meta({ title: 'Tag id' }),
    name: z.string().meta({ title: 'Name' }),
    isDeleted: z.boolean().meta({ title: 'Is deleted' }),
    createdBy: z.string().optional().meta({ title: 'Created by (user id)' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    updatedAt: z.string().optional().meta({ title: 'Changed at' }),
  })
  .meta({ title: 'Social tag' })
export type SocialTag = z.output<typeof SocialTag>

/** A tag as HighLevel sends it. */
const TagReply = z
  .looseObject({
    _id: z.string(),
    tag: maybeText,
    deleted: maybe(z.boolean()),
    createdBy: maybeText,
    createdAt: maybeText,
    updatedAt: maybeText,
  })
  .transform((tag): SocialTag => ({
    id: tag['_id'],
    name: tag.tag ?? '',
    isDeleted: tag.deleted === true,
    createdBy: tag.createdBy,
    createdAt: tag.createdAt,
    updatedAt: tag.updatedAt,
  }))

export const TagsReply = results(z.looseObject({ tags: listOf(TagReply), count: maybeNumber }))

export const tagSample: SocialTag = {
  id: '66f0aa11bb22cc33dd44ee01',
  name: 'spring offer',
  isDeleted: false,
  createdBy: 'UsrDana0001',
  createdAt: '2026-02-03T09:00:00.000Z',
  updatedAt: '2026-02-03T09:00:00.000Z',
}
