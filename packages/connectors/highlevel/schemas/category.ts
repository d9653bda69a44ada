import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'

export const Category = z
  .object({
    id: z.string().meta({ title: 'Category id' }),
    name: z.string().meta({ title: 'Name' }),
    primaryColor: z.string().optional().meta({ title: 'Colour' }),
    secondaryColor: z.string().optional().meta({ title: 'Second colour' }),
    isDeleted: z.boolean().meta({ title: 'Is deleted' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    updatedAt: z.string().optional().meta({ title: 'Changed at' }),
  })
  .meta({ title: 'Category' })
export type Category = z.output<typeof Category>

const CategoryItem = z
  .looseObject({
    _id: z.string(),
    name: maybeText,
    primaryColor: maybeText,
    secondaryColor: maybeText,
    deleted: maybe(z.boolean()),
    createdAt: maybeText,
    updatedAt: maybeText,
  })
  .transform((item): Category => ({
    id: item['_id'],
    name: item.name ?? '',
    primaryColor: item.primaryColor,
    secondaryColor: item.secondaryColor,
    isDeleted: item.deleted === true,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
  }))

export const CategoriesReply = results(z.looseObject({ categories: listOf(CategoryItem), count: maybeNumber }))

/** A category nobody has answers with a `message` in place of the members (`message` CONFIRMED, its use ASSUMED): absent then. */
const OneCategory = z.union([CategoryItem, z.unknown().transform(() => undefined)]).optional()
export const CategoryReply = results(z.looseObject({ category: OneCategory }))

export const categorySample: Category = {
  id: '66f0aa11bb22cc33dd44ee11',
  name: 'Promotions',
  primaryColor: '#0a6',
  secondaryColor: '#cfe',
  isDeleted: false,
  createdAt: '2026-02-03T09:00:00.000Z',
  updatedAt: '2026-02-03T09:00:00.000Z',
}
